#!/bin/bash
# Preprocesses MIDI files as an array of Slurm jobs, a shard each, and merges them.
# From the project's folder, which all nodes must see, like the other two folders:
#
#   run="lib/cluster/slurm_shards.sh 64 MIDI_FOLDER OUT_FOLDER"
#   shards=$(sbatch --parsable --array=1-64 $run)
#   sbatch --dependency=afterok:$shards $run
#
# The first argument is the number of shards; more options of `deno task preprocess`
# may follow. Outside of an array it merges. A job that is run again goes on.

#SBATCH --job-name=immersic
#SBATCH --cpus-per-task=2
#SBATCH --mem=2G
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --output=%x-%j.log

set -euo pipefail

shards=$1 midi=$2 out=$3
shift 3

if [ -n "${SLURM_ARRAY_TASK_ID:-}" ]; then
  set -- --midi "$midi" --out "$out/parts/$SLURM_ARRAY_TASK_ID-of-$shards" \
    --shard "$SLURM_ARRAY_TASK_ID/$shards" "$@"
else
  set -- --merge "$out"/parts/*-of-"$shards" --out "$out"
fi

if command -v deno >/dev/null; then
  exec deno task preprocess "$@"
fi
exec npx -y deno@2.9.6 task preprocess "$@"
