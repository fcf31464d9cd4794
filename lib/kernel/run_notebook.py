"""Runs a notebook in the Deno kernel and saves the executed copy.

Usage: run_notebook.py NOTEBOOK OUTPUT PARAMETERS TIMEOUT_SECONDS

The kernel runs in the notebook's folder. PARAMETERS is a JSON object of values to
set after the cell tagged "parameters". A progress line per cell goes to stderr. The
copy is saved even if a cell fails. The last line of stdout is a JSON object: {} or
{"failure": sentence}.

The run ends when standard input is closed, and so also when the process that started
it ends, however that ends. Signals would not do this on Windows.
"""

import asyncio
import json
import os
import sys
import threading
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

# Most time to end the kernel and save the copy when the run is stopped.
STOP_SECONDS = 8


class Runner(NotebookClient):
    """Runs a notebook and prints a progress line per cell."""

    def __init__(self, notebook, name, **options):
        super().__init__(notebook, **options)
        self.name = name
        self.total = sum(cell.cell_type == "code" for cell in notebook.cells)
        self.count = 0  # code cells started
        self.on_cell_start = self.announce
        self.on_cell_executed = self.conclude

    def announce(self, cell, cell_index):
        if cell.cell_type != "code":
            return
        self.count += 1
        self.start = time.monotonic()
        line = f"{self.name} cell {self.count}/{self.total}"
        print(f"{time.strftime('%H:%M:%S')} {line:<32}", end="", file=sys.stderr, flush=True)

    def conclude(self, cell, cell_index, execute_reply):
        seconds = time.monotonic() - self.start
        mark = "" if execute_reply["content"]["status"] == "ok" else "  failed"
        print(f"{seconds:7.1f} s{mark}", file=sys.stderr, flush=True)


def set_parameters(notebook, parameters):
    """Adds a cell that sets parameters, after the one that declares them.

    Raises LookupError if no cell declares parameters.
    """
    for index, cell in enumerate(notebook.cells):
        if "parameters" in cell.metadata.get("tags", []):
            break
    else:
        raise LookupError('no cell is tagged "parameters"')
    values = json.dumps(parameters, indent=2, ensure_ascii=False)
    added = nbformat.v4.new_code_cell(
        f"// Set for this run\nObject.assign(Object.seal(parameters), {values});",
        metadata={"tags": ["injected-parameters"]},
    )
    notebook.cells.insert(index + 1, added)
    if notebook.nbformat_minor < 5:
        added.pop("id", None)


def join_streams(cell):
    """Joins neighbouring outputs of the same stream to one."""
    joined = []
    for output in cell.outputs:
        before = joined[-1] if joined else None
        if output.output_type == "stream" and before and before.get("name") == output.name:
            before.text += output.text
        else:
            joined.append(output)
    cell.outputs = joined


async def run(source, output, parameters, timeout_seconds):
    """Runs a notebook and saves it. Returns what failed, in a sentence, or None."""
    source = Path(source)
    notebook = nbformat.read(source, as_version=4)
    if parameters:
        try:
            set_parameters(notebook, parameters)
        except LookupError as error:
            return f"Cannot set parameters of {source.name}: {error}."
    runner = Runner(
        notebook,
        source.name,
        kernel_name="deno",
        resources={"metadata": {"path": str(source.parent)}},
        timeout=timeout_seconds,
        startup_timeout=120,
        iopub_timeout=60,
        raise_on_iopub_timeout=True,
        record_timing=False,
        store_widget_state=False,
    )
    where = lambda: f"{source.name}, code cell {runner.count} of {runner.total}"
    try:
        await runner.async_execute()
    except CellExecutionError:
        # The kernel's traceback starts with the error's name and message.
        lines = next(
            output.traceback
            for cell in notebook.cells
            for output in cell.get("outputs", [])
            if output.output_type == "error"
        )
        return "\n".join([f"{where()} failed:", *lines])
    except CellTimeoutError:
        return f"{where()} was still running after {timeout_seconds} s."
    except DeadKernelError:
        return f"The kernel died in {where()}."
    except asyncio.CancelledError:
        return f"{where()} was stopped."
    finally:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                join_streams(cell)
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, output)


async def main(source, output, parameters, timeout_seconds):
    loop, running = asyncio.get_running_loop(), asyncio.current_task()

    def end_with_input():
        sys.stdin.read()
        loop.call_soon_threadsafe(running.cancel)
        time.sleep(STOP_SECONDS)
        os._exit(1)

    threading.Thread(target=end_with_input, daemon=True).start()
    failure = await run(source, output, json.loads(parameters), int(timeout_seconds))
    print(json.dumps({"failure": failure} if failure else {}))


if __name__ == "__main__":
    # If a kernel started this program, the variable names the notebook of that kernel.
    os.environ.pop("JPY_SESSION_NAME", None)
    asyncio.run(main(*sys.argv[1:]))
