"""Speaks the Jupyter protocol with the registered kernel, as the tests of the relay.

Usage: protocol_client.py FOLDER

Starts the kernel in FOLDER, sends it what front ends may send, and prints what came
back: one JSON object, with a field for each `case_` function below.
"""

import asyncio
import json
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from queue import Empty
from tempfile import TemporaryDirectory

import nbformat
import zmq
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

SLEEP = "await new Promise((go) => setTimeout(go, {}));"


class Client:
    """A front end of a kernel."""

    def __init__(self, manager):
        self.kernel = manager.client()
        self.kernel.start_channels()
        self.kernel.wait_for_ready(timeout=60)

    def compose(self, code, seconds_off=0, cell=None, **options):
        """Makes a message that runs a cell, from a clock that is some seconds off."""
        options = {"silent": False, "allow_stdin": False, "stop_on_error": True, **options}
        content = {"code": code, **options}
        metadata = {"cellId": cell} if cell else {}
        message = self.kernel.session.msg("execute_request", content, metadata=metadata)
        message["header"]["date"] += timedelta(seconds=seconds_off)
        return message

    def send(self, message):
        """Sends a message. Returns its id."""
        self.kernel.shell_channel.send(message)
        return message["header"]["msg_id"]

    def execute(self, *args, **options):
        return self.send(self.compose(*args, **options))

    def ask(self, kind):
        return self.send(self.kernel.session.msg(kind, {}))

    def reply(self, request):
        """Waits for the reply to a request. Returns its content."""
        while True:
            message = self.kernel.get_shell_msg(timeout=20)
            if message["parent_header"].get("msg_id") == request:
                return message["content"]

    def outputs(self, until):
        """Messages on the outputs channel up to the end of a request."""
        messages = []
        while True:
            message = self.kernel.get_iopub_msg(timeout=20)
            messages.append(message)
            idle = message["content"] == {"execution_state": "idle"}
            if message["parent_header"].get("msg_id") == until and idle:
                return messages

    def shown(self, text):
        """Waits until a cell has printed a text."""
        while self.kernel.get_iopub_msg(timeout=20)["content"].get("text") != text:
            pass

    def stop(self):
        message = self.kernel.session.msg("interrupt_request", {})
        self.kernel.control_channel.send(message)

    def journal(self):
        return self.reply(self.ask("immersic_journal_request"))["cells"]


def short(message):
    """A message in a word or two."""
    content = message["content"]
    return content.get("execution_state") or content.get("text") or message["msg_type"]


def timed(act, *args):
    start = time.monotonic()
    return act(*args), time.monotonic() - start


def case_order(client):
    request = client.execute('console.log("a"); console.error("b"); 1 + 1')
    reply = client.reply(request)
    return [[short(message) for message in client.outputs(request)], reply["status"]]


def case_welcome(client):
    """What subscribers hear first: of everything, and of one topic."""
    heard = []
    info = client.kernel.get_connection_info()
    for topic in (b"", b"", b"status"):
        with zmq.Context() as context, context.socket(zmq.SUB) as socket:
            socket.connect(f"tcp://{info['ip']}:{info['iopub_port']}")
            socket.subscribe(topic)
            if socket.poll(5000):
                frames = socket.recv_multipart()
                heard.append([json.loads(frames[3])["msg_type"], json.loads(frames[6])])
    return heard


def case_busy(client):
    """What the kernel says of itself while a cell runs."""
    cell = client.execute('console.log("runs"); ' + SLEEP.format(1000))
    client.shown("runs\n")
    request = client.ask("kernel_info_request")
    info, seconds = timed(client.reply, request)
    states = [
        [message["content"]["execution_state"], message["parent_header"]["msg_id"] == cell]
        for message in client.outputs(cell)
    ]
    return [info["language_info"]["name"], seconds < 0.5, states]


def case_give_back(client):
    """Cells sent before a failure, and after it, from clocks that are right and wrong."""
    statuses = []
    for seconds_off in (0, 3600, -3600):
        for _ in range(3):  # so that the relay learns of the clock
            client.reply(client.execute("0", seconds_off))
        cells = [client.compose('throw new Error("no")', seconds_off)]
        cells += [client.compose("1", seconds_off) for _ in range(30)]
        cells = [client.send(message) for message in cells]
        client.reply(cells[0])
        time.sleep(0.002)
        after = client.execute("2", seconds_off)
        given_back = {client.reply(cell)["status"] for cell in cells[1:]}
        statuses.append([*given_back, client.reply(after)["status"]])
        client.kernel.session.session += "-next"
    return statuses


def case_notebook(client):
    """Cells of a notebook that is sent slowly, and a cell sent later."""
    cells = [client.execute('throw new Error("no")', cell="first")]
    for number in range(10):
        time.sleep(0.03)
        cells.append(client.execute("1", cell=f"cell-{number}"))
    time.sleep(0.3)
    cells.append(client.execute("2", cell="last"))
    return [client.reply(cell)["status"] for cell in cells]


def case_stop_on_error(client):
    """What becomes of a cell that waits behind a failed, a stopped one, or both."""
    statuses = []
    for code in ('throw new Error("no")', 'console.log("runs"); while (true);'):
        for stop_on_error in (True, False):
            first = client.execute(code, stop_on_error=stop_on_error)
            second = client.execute("1")
            if "runs" in code:
                client.shown("runs\n")
                client.stop()
            statuses.append([client.reply(cell)["status"] for cell in (first, second)])
    return statuses


def case_input(client):
    """Answers to three questions: an answer, a stop, and an answer after a late one."""
    answers = []
    for answer in ("one", None, "three"):
        code = 'const answer = prompt("which?"); String(answer)'
        request = client.execute(code, allow_stdin=True)
        client.kernel.get_stdin_msg(timeout=10)
        if answer:
            client.kernel.input(answer)
            client.reply(request)
        else:
            client.stop()
            client.reply(request)
            client.kernel.input("late")
        answers += [
            message["content"]["data"]["text/plain"]
            for message in client.outputs(request)
            if message["msg_type"] == "execute_result"
            and message["parent_header"]["msg_id"] == request
        ]
    return answers


def case_blocked(client):
    """Whether cells end soon though something blocks the event loop or the console."""
    blocked = """
    const { log } = console;
    console.log = () => {};
    const blocker = setInterval(() => {
      const end = performance.now() + 400;
      while (performance.now() < end);
    });"""
    seconds = 0
    for code in (blocked, "1", "clearInterval(blocker); console.log = log;"):
        request = client.execute(code)
        _, took = timed(client.reply, request)
        seconds = max(seconds, took)
    return seconds < 3


def case_errors(client):
    """Traces: of a cell that cannot be parsed, of a refusal, and of a failure."""
    refusal = 'import { Random } from "immersic/base/base.ts"; new Random(1).pick([])'
    failure = "await Promise.reject(new TypeError('no'))"
    replies = [
        client.reply(client.execute(code)) for code in ("const a = ;", refusal, failure)
    ]
    return [reply["traceback"][0] for reply in replies]


def case_strange(client):
    """Whether the kernel survives outputs that no front end knows."""
    request = client.execute("""
    for (const type of ["update_display_data", "display_data", "stream", "status"]) {
      for (const content of [{}, { transient: null, data: null }, []]) {
        await Deno.jupyter.broadcast(type, content);
      }
    }""")
    client.outputs(request)
    return client.reply(request)["status"]


def case_unsigned(client):
    """Whether the relay answers one who does not have the key."""
    info = client.kernel.get_connection_info()
    with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        socket.connect(f"tcp://{info['ip']}:{info['shell_port']}")
        message = client.kernel.session.msg("immersic_journal_request", {})
        frames = client.kernel.session.serialize(message)
        socket.send_multipart([frames[0], b"0" * 64, *frames[2:]])
        socket.send_multipart([b"no message"])
        return bool(socket.poll(500))


def case_journal_running(client):
    """The entry of a cell that runs, and of one that waits behind it."""
    client.execute('console.log("x"); console.log("y"); ' + SLEEP.format(500))
    last = client.execute("2")
    client.shown("y\n")
    fields = ("state", "code", "outputs")
    entries = [[entry[field] for field in fields] for entry in client.journal()[-2:]]
    client.reply(last)
    return entries


def case_journal(folder):
    """Outputs of cells as nbclient keeps them, and as the journal does."""
    display = 'Deno.jupyter.display({{ "text/plain": "{0}" }}, {{ raw: true, {1} }});'
    cells = [
        'for (let i = 0; i < 20; i++) console.log(i); console.error("e"); console.log("f")',
        f'await {display.format("first", "display_id: `d`")} "end"',
        f'await {display.format("second", "display_id: `d`, update: true")}',
        'throw new RangeError("no")',
        'await Deno.jupyter.broadcast("clear_output", { wait: false }); console.log("left")',
        'console.log("a"); await Deno.jupyter.broadcast("clear_output", { wait: true });'
        ' console.log("b")',
    ]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells]
    )
    runner = NotebookClient(
        notebook, kernel_name="deno", resources={"metadata": {"path": folder}},
        allow_errors=True,
    )
    entries = []

    async def run():
        async with runner.async_setup_kernel():
            for index, cell in enumerate(notebook.cells):
                await runner.async_execute_cell(cell, index)
            request = runner.kc.session.msg("immersic_journal_request", {})
            runner.kc.shell_channel.send(request)
            while not entries:
                message = await runner.kc.get_shell_msg(timeout=10)
                if message["msg_type"] == "immersic_journal_reply":
                    entries.extend(message["content"]["cells"])

    asyncio.run(run())
    for entry in entries:
        for output in entry["outputs"]:
            output.pop("transient", None)
    kept = [joined(json.loads(json.dumps(cell.outputs))) for cell in notebook.cells]
    return [kept, [entry["outputs"] for entry in entries]]


def joined(outputs):
    """Outputs with neighbouring text of one stream joined."""
    left = []
    for output in outputs:
        if left and output.get("name") and output["name"] == left[-1].get("name"):
            left[-1]["text"] += output["text"]
        else:
            left.append(output)
    return left


@contextmanager
def mute_server(folder):
    """A front end of a kernel whose language server never answers."""
    manager = KernelManager(kernel_name="deno")
    deno = manager.kernel_spec.argv[2]
    with TemporaryDirectory() as temporary:
        mute = Path(temporary, "deno")
        # It reads what it is asked, and its output stays open.
        mute.write_text(
            '#!/bin/sh\n[ "$1" = lsp ] && exec cat 3>&1 >/dev/null\n'
            f'exec "{deno}" "$@"\n'
        )
        mute.chmod(0o755)
        manager.kernel_spec.argv[2] = str(mute)
        manager.start_kernel(cwd=folder)
        try:
            yield Client(manager)
        finally:
            manager.shutdown_kernel()


def main(folder):
    # Its answer takes nine seconds. The cases below are run meanwhile.
    with mute_server(folder) as mute:
        mute.reply(mute.execute("const lateName = 1;"))
        late = mute.kernel.complete("lateN", 5)
        manager = KernelManager(kernel_name="deno")
        manager.start_kernel(cwd=folder)
        client = Client(manager)
        try:
            cases = {
                name: function(client)
                for name, function in globals().items()
                if name.startswith("case_") and name != "case_journal"
            }
        finally:
            manager.shutdown_kernel()
        cases["case_journal"] = case_journal(folder)
        cases["case_late"] = mute.reply(late)["matches"]
    return cases


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
