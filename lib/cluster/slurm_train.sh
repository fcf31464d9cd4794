#!/bin/bash
# Trains the network of a folder that `deno task export --trainer …` wrote, on several
# nodes of Slurm, a process each. All nodes must see the folder, and in it .venv with
# its requirements.txt installed.
#
#   sbatch --nodes 4 lib/cluster/slurm_train.sh FOLDER
#
# With GPUs, add --gpus-per-node 8 to the nodes: PyTorch then has a process for each.
# A job that is run again goes on from the last epoch.

#SBATCH --job-name=immersic-train
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --time=24:00:00
#SBATCH --requeue
#SBATCH --output=%x-%j.log

set -euo pipefail

cd "$1"
first=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
export FIRST="$first:$((20000 + SLURM_JOB_ID % 20000))"

if [ -e network.py ]; then
  # PyTorch. Processes that fail are begun again, three times.
  srun .venv/bin/torchrun --nnodes "$SLURM_JOB_NUM_NODES" \
    --nproc-per-node "${SLURM_GPUS_ON_NODE:-1}" --max-restarts 3 \
    --rdzv-backend c10d --rdzv-id "$SLURM_JOB_ID" --rdzv-endpoint "$FIRST" train.py
else
  # Keras on JAX. One process that ends ends all (--kill-on-bad-exit).
  export COORDINATOR=$FIRST PROCESSES=$SLURM_NTASKS
  # shellcheck disable=SC2016 # each task has a number of its own
  srun --kill-on-bad-exit=1 bash -c 'PROCESS=$SLURM_PROCID exec .venv/bin/python train.py'
fi
