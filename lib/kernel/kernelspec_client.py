"""Starts the registered kernel as an editor does, and uses it.

Usage: kernelspec_client.py FOLDER

Finds the kernelspec "deno" in the search paths of this Python, fills in its command
line, starts it in FOLDER and sends it messages. It uses neither the part of
jupyter_client that starts kernels nor code of this project. Prints what it found and
what the kernel answered as one JSON object.
"""

import json
import os
import subprocess
import sys
import time
from queue import Empty

from jupyter_client import BlockingKernelClient
from jupyter_client.connect import write_connection_file
from jupyter_client.kernelspec import KernelSpecManager

STOPPABLE = """
import { listenForInterrupt } from "immersic/notebook/bootstrap.ts";
await (async () => {
  using interrupt = listenForInterrupt();
  console.log("started");
  while (!interrupt.signal.aborted) await new Promise((go) => setTimeout(go, 10));
  console.log("ended in good order");
})();
"""


def greet(client):
    """Asks for the kernel's info until an output arrives as well.

    Outputs sent before the subscription to them is active are lost.
    """
    while True:
        info = client.kernel_info(reply=True, timeout=60)["content"]
        try:
            client.get_iopub_msg(timeout=1)
            return info
        except Empty:
            pass


def run(client, code, on_output=lambda text: None):
    """Runs a cell. Returns the status of its reply and everything it showed."""
    request = client.execute(code)
    shown = []
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") != request:
            continue
        content = message["content"]
        if message["msg_type"] == "status" and content["execution_state"] == "idle":
            break
        if message["msg_type"] == "stream":
            shown.append(content["text"])
            on_output(content["text"])
        elif "data" in content:
            shown.append(content["data"]["text/plain"])
    reply = client.get_shell_msg(timeout=60)
    while reply["parent_header"].get("msg_id") != request:
        reply = client.get_shell_msg(timeout=60)
    return [reply["content"]["status"], "".join(shown)]


def main(folder):
    folder_of_spec = KernelSpecManager().find_kernel_specs()["deno"]
    with open(os.path.join(folder_of_spec, "kernel.json"), encoding="utf-8") as file:
        spec = json.load(file)
    connection_file, _ = write_connection_file()
    command = [arg.replace("{connection_file}", connection_file) for arg in spec["argv"]]
    kernel = subprocess.Popen(command, cwd=folder, env={**os.environ, **spec["env"]})
    client = BlockingKernelClient()
    client.load_connection_file(connection_file)
    client.start_channels()
    try:
        info = greet(client)
        module = 'import { PROJECT_FOLDER } from "immersic/base/base.ts"; PROJECT_FOLDER.length > 0'

        def interrupt(text):
            if text == "started\n":
                client.control_channel.send(client.session.msg("interrupt_request", {}))

        answers = {
            "spec": os.path.relpath(folder_of_spec, sys.prefix),
            "interrupt_mode": spec["interrupt_mode"],
            "language": info["language_info"]["name"],
            "import": run(client, module),
            "stop": run(client, STOPPABLE, interrupt),
            "after": run(client, "1 + 1"),
            "failure": run(client, "missing"),
        }
        client.shutdown()
        deadline = time.monotonic() + 20
        while kernel.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        answers["ended"] = kernel.poll() is not None
        return answers
    finally:
        client.stop_channels()
        kernel.kill()
        os.unlink(connection_file)


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
