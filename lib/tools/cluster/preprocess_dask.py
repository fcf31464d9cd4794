"""Preprocesses a collection on a Dask cluster: each task reads a part of the files,
and at the end the parts are merged. The corpus is the same, byte for byte, as that
of one machine, whatever the number of workers and whichever of them are lost.

    pip install -r lib/tools/cluster/requirements.txt
    python lib/tools/cluster/preprocess_dask.py --midi DIR --out DIR

This machine is the cluster unless --scheduler gives another's address. With Slurm,
that of `dask_jobqueue.SLURMCluster(...).scheduler_address`; on Kubernetes, that of
the scheduler's service. The project, the MIDI files and the folder of --out must
then be at the same paths on all machines, and Deno on their PATH (or in $DENO).
"""

import argparse
import os
import pathlib
import subprocess
import uuid

from dask.distributed import Client, LocalCluster, as_completed

PROJECT = pathlib.Path(__file__).resolve().parents[3]
HELD = "another process does so now"


def preprocess(*args):
    """Runs `deno task preprocess`; raises what it says where it fails."""
    command = [os.environ.get("DENO", "deno"), "run", "-A", "lib/commands/main.ts"]
    command += ["preprocess", *map(str, args)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["it said nothing"]
        raise RuntimeError(lines[-1])
    return done.stdout


def read_part(number, parts, midi, out, options):
    """Reads a part, and returns its folder.

    Where a worker is lost, another one reads its part again, from where it was. The
    process that the lost one has begun may still have the folder: then in another.
    """
    args = ["--midi", midi, "--shard", f"{number}/{parts}", *options, "--out"]
    folder = f"{out}/{number}-of-{parts}"
    try:
        preprocess(*args, folder)
    except RuntimeError as error:
        if HELD not in str(error):
            raise
        folder += f"-{uuid.uuid4().hex[:8]}"
        preprocess(*args, folder)
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--midi", required=True, type=os.path.abspath)
    parser.add_argument("--out", required=True, type=os.path.abspath)
    parser.add_argument("--parts", type=int, default=64, help="default: 64")
    parser.add_argument("--scheduler", help="address of a cluster")
    given, options = parser.parse_known_args()
    # Deno itself uses all cores: one task at a time on each worker.
    cluster = given.scheduler or LocalCluster(n_workers=2, threads_per_worker=1)
    with Client(cluster) as client:
        tasks = client.map(
            read_part,
            range(1, given.parts + 1),
            parts=given.parts,
            midi=given.midi,
            out=f"{given.out}/parts",
            options=options,
            pure=False,
            retries=3,
        )
        folders = []
        for _, folder in as_completed(tasks, with_results=True):
            folders.append(folder)
            print(f"{len(folders)} of {given.parts} parts", flush=True)
    print(preprocess("--merge", *folders, "--out", given.out))


if __name__ == "__main__":
    main()
