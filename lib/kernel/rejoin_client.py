"""Kills servers of the registered kernel, and looks what becomes of its cells.

Usage: rejoin_client.py FOLDER

A server is a copy of this script, with the argument "serve", that starts the kernel in
FOLDER as Jupyter's server does. Prints what it saw as one JSON object.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from jupyter_client import BlockingKernelClient
from jupyter_client.manager import KernelManager

SESSION = "JPY_SESSION_NAME"
PREFIX = str(Path(tempfile.gettempdir(), f"immersic-{os.getpid()}-notebook"))
COUNT = """
for (let i = 0; i < 10; i++) {
  console.log(i);
  await new Promise((go) => setTimeout(go, 400));
}"""


def serve(folder):
    """Starts a kernel and obeys the lines of standard input."""
    manager = KernelManager(kernel_name="deno")
    manager.start_kernel(cwd=folder)
    print(manager.connection_file, flush=True)
    for order in sys.stdin:
        if order == "restart\n":
            manager.restart_kernel()
        else:
            manager.shutdown_kernel()
        print(flush=True)


class Server:
    """A server that can be killed."""

    def __init__(self, folder, notebook):
        self.process = subprocess.Popen(
            [sys.executable, __file__, "serve", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # A relay that is left over would keep the pipe of this program open.
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, SESSION: str(notebook)},
        )
        self.connection_file = self.process.stdout.readline().strip()
        self.connect()

    def connect(self):
        """Begins to talk to the kernel, which may still be starting."""
        for _ in range(10):
            try:
                return self._connect()
            except RuntimeError:  # It does not answer yet.
                self.client.stop_channels()
        return self._connect()

    def _connect(self):
        self.client = BlockingKernelClient()
        self.client.load_connection_file(self.connection_file)
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def kill(self):
        self.client.stop_channels()
        self.process.kill()
        self.process.wait()

    def order(self, order):
        self.client.stop_channels()
        print(order, file=self.process.stdin, flush=True)
        self.process.stdout.readline()

    def run(self, code):
        """Runs a cell. Returns its result."""
        request = self.client.execute(code)
        while True:
            message = self.client.get_iopub_msg(timeout=20)
            if message["parent_header"].get("msg_id") == request:
                if message["msg_type"] == "execute_result":
                    return message["content"]["data"]["text/plain"]

    def last_entry(self):
        """The last entry of the journal."""
        request = self.client.session.msg("immersic_journal_request", {})
        self.client.shell_channel.send(request)
        while True:
            message = self.client.get_shell_msg(timeout=20)
            if message["msg_type"] == "immersic_journal_reply":
                return message["content"]["cells"][-1]


def relays():
    """The processes of this test's kernels: relays, and Deno."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(SESSION, "").startswith(PREFIX):
                found.append(process)
        except psutil.Error:
            pass
    return found


def main(folder):
    seen = {}
    notebook = Path(f"{PREFIX}.ipynb")
    notebook.touch()
    server = Server(folder, notebook)
    seen["variable"] = server.run("let kept = 41; kept")
    identity = server.run("Deno.pid")
    server.client.execute(COUNT)
    time.sleep(0.5)
    server.kill()
    server = Server(folder, notebook)
    server.kill()
    notebook = notebook.rename(f"{PREFIX} renamed.ipynb")
    time.sleep(2)
    server = Server(folder, notebook)
    while (entry := server.last_entry())["state"] == "running":
        time.sleep(0.2)
    seen["counted"] = [entry["state"], entry["outputs"][0]["text"]]
    seen["next"] = server.run("++kept")
    seen["sameRelay"] = server.run("Deno.pid") == identity
    server.order("restart")
    server.connect()
    seen["afterRestart"] = server.run("typeof kept")
    server.order("shutdown")
    server.process.kill()
    server.process.wait()
    deadline = time.monotonic() + 5
    while relays() and time.monotonic() < deadline:
        time.sleep(0.1)
    seen["left"] = len(relays())
    notebook.unlink()
    return seen


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        try:
            print(json.dumps(main(sys.argv[1])))
        finally:
            for process in relays():
                process.kill()
