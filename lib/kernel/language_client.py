"""Asks the registered kernel about places in cells, as Tab and Shift+Tab do.

Usage: language_client.py FOLDER NOTEBOOK < QUESTIONS

Starts the kernel "deno" in FOLDER, as Jupyter's server does for NOTEBOOK. QUESTIONS is a JSON list of
{"run": [cell, …], "code": "…¦…"}: cells to run first, and a cell with a mark at the
cursor. Asks for completion and inspection there, and at the end once more while a cell
runs. Prints one JSON object:

cold      seconds until the language server answered the first question
answers   one for each question: `matches`, `start` and `end` in code points,
          `shown` (Markdown or "") and `seconds` for both
busy      the last answer again, got while a cell ran
status    status of the cell that ran meanwhile
memory    resident bytes of the language server
left      how many of its processes were left after the kernel had ended
"""

import json
import os
import sys
import time

import psutil
from jupyter_client.manager import start_new_kernel

WAIT = 'console.log("waiting"); await new Promise((go) => setTimeout(go, 4000));'


def ask(client, code):
    """Asks about the place of the mark in some code."""
    start = time.monotonic()
    cursor = code.index("¦")
    code = code.replace("¦", "")
    completion = client.complete(code, cursor, reply=True, timeout=60)["content"]
    inspection = client.inspect(code, cursor, reply=True, timeout=60)["content"]
    return {
        "matches": completion["matches"],
        "start": completion["cursor_start"],
        "end": completion["cursor_end"],
        "shown": inspection["data"].get("text/markdown", ""),
        "seconds": round(time.monotonic() - start, 2),
    }


def run(client, code):
    reply = client.execute(code, reply=True, timeout=120)["content"]
    if reply["status"] != "ok":
        raise SystemExit(f"{code}\n{reply['ename']}: {reply['evalue']}")


def ask_all(client, questions):
    answers = []
    started = None
    for question in questions:
        for code in question["run"]:
            run(client, code)
        if started is None:
            started = time.monotonic()
            while not client.inspect("JSON", 4, reply=True)["content"]["found"]:
                pass
            cold = time.monotonic() - started
        answers.append(ask(client, question["code"]))
    cell = client.execute(WAIT)
    while client.get_iopub_msg(timeout=60)["msg_type"] != "stream":
        pass
    busy = ask(client, questions[-1]["code"])
    reply = client.get_shell_msg(timeout=60)
    return {
        "cold": round(cold, 1),
        "answers": answers,
        "busy": busy,
        "status": [reply["parent_header"]["msg_id"] == cell, reply["content"]["status"]],
    }


def main(folder, notebook):
    questions = json.load(sys.stdin)
    environment = {**os.environ, "JPY_SESSION_NAME": notebook}
    manager, client = start_new_kernel(kernel_name="deno", cwd=folder, env=environment)
    try:
        found = ask_all(client, questions)
        servers = [
            process
            for process in psutil.Process().children(recursive=True)
            if "lsp" in process.cmdline()
        ]
        found["memory"] = sum(process.memory_info().rss for process in servers)
        client.shutdown(reply=True)
        _, alive = psutil.wait_procs(servers, timeout=10)
        found["left"] = len(alive)
        return found
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
