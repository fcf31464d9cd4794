"""Stops cells at random moments, as a front end does, and looks at what follows.

Usage: stops_client.py FOLDER, with a JSON object on standard input: `setup`, the cell to
run first; `check`, a cell whose value must stay the same; `works`, cells to stop by what
they do; `stops`, how often to stop each; `seconds`, the latest moment of a stop; `seed`
of the moments; `quiet`, for how many seconds nothing may be shown afterwards.

Starts the registered kernel in FOLDER. Prints a JSON object: the value of `check`, and
for each stop what was stopped when, how long the kernel took to end the cell, how it
ended, and what is wrong with the cells that follow.
"""

import json
import random
import sys
import time
from queue import Empty

from jupyter_client.manager import KernelManager

SHOWN = ("stream", "display_data", "update_display_data", "execute_result", "error")
# A cell that does not end by then is given up.
PATIENCE_SECONDS = 120


class Client:
    """A front end of a kernel."""

    def __init__(self, manager):
        self._kernel = manager.client()
        self._kernel.start_channels()
        self._kernel.wait_for_ready(timeout=60)

    def run(self, code, stop_after=None):
        """Runs a cell, and stops it after some seconds if it still runs.

        Returns the status of its reply, its value or error, the seconds that it took
        from its start or from the stop, and what was shown that is not its own.
        """
        request = self._kernel.execute(code)
        since = time.monotonic()
        stopped = False
        value, foreign = "", []
        while True:
            now = time.monotonic()
            if now > since + PATIENCE_SECONDS:
                return "never", value, now - since, foreign
            if stop_after is not None and not stopped and now > since + stop_after:
                stopped, since = True, now
                message = self._kernel.session.msg("interrupt_request", {})
                self._kernel.control_channel.send(message)
            try:
                message = self._kernel.get_iopub_msg(timeout=0.01)
            except Empty:
                continue
            content = message["content"]
            if message["parent_header"].get("msg_id") != request:
                if message["msg_type"] in SHOWN:
                    foreign.append(summary(message))
            elif message["msg_type"] == "execute_result":
                value = content["data"]["text/plain"]
            elif message["msg_type"] == "error":
                value = "\n".join(content["traceback"])
            elif message["msg_type"] in SHOWN and stop_after is None:
                foreign.append(summary(message))
            elif content.get("execution_state") == "idle":
                break
        seconds = time.monotonic() - since
        while True:
            reply = self._kernel.get_shell_msg(timeout=10)
            if reply["parent_header"].get("msg_id") == request:
                return reply["content"]["status"], value, seconds, foreign

    def listen(self, seconds):
        """Returns what is shown in some seconds."""
        end = time.monotonic() + seconds
        shown = []
        while (left := end - time.monotonic()) > 0:
            try:
                message = self._kernel.get_iopub_msg(timeout=left)
            except Empty:
                break
            if message["msg_type"] in SHOWN:
                shown.append(summary(message))
        return shown


def summary(message):
    content = message["content"]
    text = content.get("text") or content.get("evalue") or content["data"].get("text/plain")
    return f"{message['msg_type']}: {text[:80]}"


def stop_all(client, orders, right):
    """Stops each work some times. Returns a row for each."""
    moments = random.Random(orders["seed"])
    rows = []
    for name, code in orders["works"].items():
        for _ in range(orders["stops"]):
            after = round(moments.uniform(0.02, orders["seconds"]), 2)
            ended, value, seconds, faults = client.run(code, after)
            status, next_value, _, foreign = client.run("1 + 1")
            if (status, next_value) != ("ok", "2"):
                faults.append(f"next cell: {status} {next_value}")
            faults += foreign + client.listen(orders["quiet"])
            status, piece, _, foreign = client.run(orders["check"])
            faults += foreign
            if piece != right:
                faults.append(f"piece: {status} {piece}")
            rows.append({
                "work": name, "after": after, "seconds": round(seconds, 3),
                "ended": f"{ended} {value}".strip(), "faults": faults,
            })
            print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    return rows


def main():
    orders = json.load(sys.stdin)
    manager = KernelManager(kernel_name="deno")
    manager.start_kernel(cwd=sys.argv[1])
    client = Client(manager)
    try:
        status, value, *_ = client.run(orders["setup"])
        if status != "ok":
            sys.exit(f"The first cell failed: {value}")
        right = client.run(orders["check"])[1]
        rows = stop_all(client, orders, right)
        print(json.dumps({"check": right, "rows": rows}))
    finally:
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    main()
