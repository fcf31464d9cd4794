"""Preprocesses MIDI files on many machines: each shard is a task of Dask.

    python lib/cluster/preprocess_dask.py --local 2 --shards 8 --midi DIR --out DIR
    python lib/cluster/preprocess_dask.py --scheduler tcp://HOST:8786 --shards 64 …
    python lib/cluster/preprocess_dask.py --slurm 16 --shards 64 …

All other options are those of `deno task preprocess`, and so is the result, byte for
byte. A shard whose worker is lost goes to another one. Every machine must see this
project, the MIDI files and the output folder under the same paths.
"""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import uuid

from distributed import Client, KilledWorker, LocalCluster, as_completed

# What preprocess may do; no network, no other programs.
PERMISSIONS = ["--allow-read", "--allow-write", "--allow-env"]
MAIN = pathlib.Path(__file__).resolve().parents[1] / "commands" / "main.ts"
# How often a command that fails is run again; lost workers do not count.
RETRIES = 2


def preprocess(*options):
    """Runs `preprocess` on this worker's machine; returns what it tells with --json.

    Raises RuntimeError, with the sentence of the command, if that fails.
    """
    # On Linux, it ends with the worker that has begun it.
    setpriv = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
    deno = ["deno"] if shutil.which("deno") else ["npx", "-y", "deno@2.9.6"]
    command = [*setpriv, *deno, "run", *PERMISSIONS, str(MAIN), "preprocess", *options, "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    lines = done.stdout.splitlines() or ['{"error": "preprocess printed nothing."}']
    result = json.loads(lines[-1])
    if done.returncode != 0:
        raise RuntimeError(result["error"])
    return result


def preprocess_shard(shard, parts, options):
    """Preprocesses a shard, such as "2/8", into a folder of its own; returns that.

    There, a run that was ended goes on. Where a worker was lost, but not the process
    that it had begun, that process still holds the folder, and another one is taken.
    """
    folder = f"{parts}/{shard.replace('/', '-of-')}"
    try:
        preprocess(*options, "--shard", shard, "--out", folder)
    except RuntimeError as error:
        if "another process" not in str(error):
            raise
        folder += f"-{uuid.uuid4().hex[:8]}"
        preprocess(*options, "--shard", shard, "--out", folder)
    return folder


def start_cluster(given):
    """The workers that the command line asks for, each for one shard at a time."""
    if given.scheduler:
        return contextlib.nullcontext(given.scheduler)
    if given.local:
        return LocalCluster(
            n_workers=given.local, threads_per_worker=1, dashboard_address=None
        )
    from dask_jobqueue import SLURMCluster

    cluster = SLURMCluster()
    # Unlike scale(), this replaces a job that Slurm has ended.
    cluster.adapt(minimum=given.slurm, maximum=given.slurm)
    return cluster


def number(text):
    """A number of shards or workers from the command line."""
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"must be 1 or more, current value is {text}")
    return int(text)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n")[0],
        epilog="All other options are those of: deno task preprocess --help",
        allow_abbrev=False,
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "--local", type=number, metavar="N", help="run on N workers of this machine"
    )
    where.add_argument(
        "--scheduler", metavar="ADDRESS", help="run on the workers of a scheduler"
    )
    where.add_argument(
        "--slurm", type=number, metavar="N", help="run on N workers, each a job of Slurm"
    )
    parser.add_argument(
        "--shards", type=number, required=True, metavar="N", help="several for each worker"
    )
    parser.add_argument("--midi", required=True, type=os.path.abspath, metavar="DIR")
    parser.add_argument("--out", required=True, type=os.path.abspath, metavar="DIR")
    given, options = parser.parse_known_args()
    parts, count = f"{given.out}/parts", given.shards
    with start_cluster(given) as cluster, Client(cluster) as client:
        tasks = as_completed(
            client.map(
                preprocess_shard,
                [f"{i + 1}/{count}" for i in range(count)],
                parts=parts,
                options=["--midi", given.midi, *options],
                pure=False,
                retries=RETRIES,
            )
        )
        folders = []
        for task in tasks:
            folders.append(task.result())
            print(f"{len(folders)} of {count} shards", file=sys.stderr)
        merge = ["--merge", *folders, "--out", given.out]
        corpus = client.submit(preprocess, *merge, pure=False).result()
    print(f"{corpus['kept']} of {corpus['files']} files kept in {given.out}")


if __name__ == "__main__":
    try:
        main()
    except (OSError, RuntimeError, ValueError, KilledWorker) as error:
        sys.exit(str(error))
