"""Stands between a Jupyter front end and the Deno kernel and keeps cells apart.

Usage: relay.py DENO BOOTSTRAP CONNECTION_FILE

The Deno kernel says that a cell is done while its outputs still wait in a
queue, and an output carries the name of whichever cell runs when it leaves
that queue. A front end that runs cells one after another therefore shows
outputs under the wrong cell, and one that stops listening loses them. So:

- one cell at a time is handed to the kernel, and its end is passed on only
  after a marker, printed behind its last output, has come out of the queue;
- after a cell that failed or was stopped, the cells already waiting are
  given back unrun, as the Jupyter protocol asks (the kernel would run them);
- a cell that cannot be parsed shows why (the kernel shows nothing);
- an interrupt ends code that listens for it (see bootstrap.ts) in good order,
  and code that never waits by force. Force is not used on code that waits:
  the kernel would never answer again.

All else passes through untouched, signatures included.
"""

import asyncio
import contextlib
import json
import os
import re
import signal
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

import zmq
import zmq.asyncio
from jupyter_client.connect import write_connection_file
from jupyter_client.session import Session

# After a failed cell, requests that were under way are given back too.
ABORT_SECONDS = 0.1
# Markers normally take milliseconds. Only code that broke the console or
# keeps the event loop busy makes the relay wait this long.
FLUSH_SECONDS = 10.0
# How long code that does not listen for interrupts may leave one unanswered
# before it counts as a loop that never waits.
ANSWER_SECONDS = 1.0
SHUTDOWN_SECONDS = 3.0

CANNOT_STOP = (
    "This cell is waiting and cannot be stopped. "
    "Restart the kernel to end it; variables will be lost.\n"
)


@dataclass
class Message:
    """One Jupyter message; `frames` starts with the signature."""

    identities: list
    frames: list
    header: dict = field(init=False)
    parent_id: str = field(init=False)

    def __post_init__(self):
        self.header = json.loads(self.frames[1])
        self.parent_id = json.loads(self.frames[2]).get("msg_id", "")

    @property
    def type(self):
        return self.header["msg_type"]

    @property
    def id(self):
        return self.header["msg_id"]

    @property
    def content(self):
        return json.loads(self.frames[4])


@dataclass
class Cell:
    """The execute request that the kernel is working on."""

    request: Message
    reply: asyncio.Future
    idle: asyncio.Future
    error: Message | None = None
    interrupts: int = 0


class Relay:
    def __init__(self, deno, bootstrap, connection_file):
        self.deno = deno
        self.bootstrap = bootstrap
        self.connection = json.loads(Path(connection_file).read_text())
        self.session = Session(
            key=self.connection["key"].encode(),
            signature_scheme=self.connection["signature_scheme"],
        )
        self.context = zmq.asyncio.Context()
        self.front = {}  # sockets towards the front end
        self.back = {}  # sockets towards the kernel
        self.requesters = {}  # message id -> identities to answer to
        self.cells = asyncio.Queue()
        self.cell = None
        self.flushes = 0
        self.flushed = None
        self.markers_left = 0
        self.last_requester = []
        self.marker = token_hex(16)
        self.writer = None  # towards bootstrap.ts
        self.connected = asyncio.Event()
        self.listening = False
        self.answer = None
        self.ready = asyncio.Event()
        self.stopping = asyncio.Event()

    # Sockets

    def open_sockets(self, folder):
        for name, kind in (
            ("shell", zmq.ROUTER),
            ("control", zmq.ROUTER),
            ("stdin", zmq.ROUTER),
            ("iopub", zmq.PUB),
            ("hb", zmq.REP),
        ):
            self.front[name] = self.socket(kind)
            self.front[name].bind(address(self.connection, name))
        inner_file, inner = write_connection_file(
            os.path.join(folder, "kernel.json"),
            key=self.connection["key"].encode(),
            signature_scheme=self.connection["signature_scheme"],
        )
        for name in ("shell", "control", "stdin"):
            self.back[name] = self.socket(zmq.DEALER)
            # The kernel asks for input at the identity that sent the cell.
            self.back[name].identity = b"relay"
            self.back[name].connect(address(inner, name))
        self.back["iopub"] = self.socket(zmq.SUB)
        self.back["iopub"].subscribe(b"")
        self.back["iopub"].connect(address(inner, "iopub"))
        return inner_file

    def socket(self, kind):
        socket = self.context.socket(kind)
        socket.linger = 500
        # No limit: a publisher at its limit drops messages.
        socket.sndhwm = socket.rcvhwm = 0
        return socket

    async def receive(self, socket):
        identities, frames = self.session.feed_identities(await socket.recv_multipart())
        return Message(identities, frames)

    async def send(self, socket, identities, frames):
        await socket.send_multipart([*identities, b"<IDS|MSG>", *frames])

    def compose(self, message_type, content, parent):
        """A message of the relay's own, signed."""
        message = self.session.msg(message_type, content, parent=parent.header)
        _, frames = self.session.feed_identities(self.session.serialize(message))
        return Message([message_type.encode()], frames)

    async def publish(self, message):
        await self.send(self.front["iopub"], message.identities, message.frames)

    async def respond(self, request, message_type, content, channel="shell"):
        reply = self.compose(message_type, content, request)
        await self.send(self.front[channel], request.identities, reply.frames)

    async def to_kernel(self, channel, message):
        if message.type.endswith("_request"):
            self.requesters[message.id] = message.identities
        await self.send(self.back[channel], [], message.frames)

    # Front end -> kernel

    async def relay_shell(self):
        await self.ready.wait()
        while True:
            message = await self.receive(self.front["shell"])
            if message.type == "execute_request":
                self.cells.put_nowait(message)
            else:
                await self.to_kernel("shell", message)

    async def relay_control(self):
        await self.ready.wait()
        while True:
            message = await self.receive(self.front["control"])
            if message.type == "interrupt_request":
                asyncio.create_task(self.interrupt())
                await self.respond(message, "interrupt_reply", {"status": "ok"}, "control")
            elif message.type == "shutdown_request":
                content = {"status": "ok", "restart": message.content["restart"]}
                await self.to_kernel("control", message)
                await self.respond(message, "shutdown_reply", content, "control")
                self.stopping.set()
            else:
                await self.to_kernel("control", message)

    async def relay_stdin(self):
        while True:
            message = await self.receive(self.front["stdin"])
            await self.to_kernel("stdin", message)

    async def beat(self):
        while True:
            await self.front["hb"].send(await self.front["hb"].recv())

    # Kernel -> front end

    async def relay_replies(self, channel):
        while True:
            message = await self.receive(self.back[channel])
            if self.cell and message.parent_id == self.cell.request.id:
                self.cell.reply.set_result(message)
            elif message.parent_id in self.requesters:
                identities = self.requesters.pop(message.parent_id)
                await self.send(self.front[channel], identities, message.frames)

    async def relay_input_requests(self):
        while True:
            message = await self.receive(self.back["stdin"])
            await self.send(self.front["stdin"], self.last_requester, message.frames)

    async def relay_outputs(self):
        marker = self.marker.encode()
        while True:
            message = await self.receive(self.back["iopub"])
            cell = self.cell
            ours = cell is not None and message.parent_id == cell.request.id
            if marker in message.frames[4] and message.type in ("stream", "display_data"):
                self.note_marker(message)
            elif ours and message.type == "error":
                # The kernel sends errors past the queue, before what the
                # cell printed first.
                cell.error = message
            elif ours and is_status(message, "idle"):
                cell.idle.set_result(message)
            elif self.ready.is_set():
                await self.publish(message)

    # Cells

    async def run_cells(self):
        while True:
            await self.run_cell(await self.cells.get())

    async def run_cell(self, request):
        loop = asyncio.get_running_loop()
        self.cell = cell = Cell(request, loop.create_future(), loop.create_future())
        self.last_requester = request.identities
        await self.send(self.back["shell"], [], request.frames)
        reply = await cell.reply
        idle = await cell.idle
        await self.flush(FLUSH_SECONDS)
        failed = reply.content["status"] == "error"
        if failed and cell.error is None:
            content = await self.explain(cell)
            cell.error = self.compose("error", content, request)
            reply = self.compose("execute_reply", {**reply.content, **content}, request)
        if cell.error:
            await self.publish(cell.error)
        self.cell = None
        await self.send(self.front["shell"], request.identities, reply.frames)
        await self.publish(idle)
        if cell.interrupts or (failed and request.content.get("stop_on_error", True)):
            await self.abort_waiting()

    async def flush(self, limit_seconds):
        """Waits until everything printed so far has come out of the kernel.

        Returns whether it has.
        """
        self.flushes += 1
        self.flushed = asyncio.get_running_loop().create_future()
        self.markers_left = 2  # one printed, one displayed
        await self.tell(f"flush-{self.flushes}")
        await asyncio.wait([self.flushed], timeout=limit_seconds)
        return self.flushed.done()

    def note_marker(self, message):
        text = message.content.get("text") or message.content["data"]["text/plain"]
        if text.strip() == f"{self.marker} flush-{self.flushes}":
            self.markers_left -= 1
            if self.markers_left == 0 and not self.flushed.done():
                self.flushed.set_result(None)

    async def explain(self, cell):
        """Error of a cell that the kernel refused or broke off in silence."""
        if cell.interrupts:
            return error_content("Interrupted", "The cell was stopped.")
        parser = await asyncio.create_subprocess_exec(
            *(self.deno, "fmt", "--no-config", "--ext", "ts", "-"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        _, complaint = await parser.communicate(cell.request.content["code"].encode())
        if parser.returncode == 0:
            return error_content("Error", "The kernel could not run this cell.")
        text = re.sub(r"\x1b\[[0-9;]*m", "", complaint.decode())
        text = re.sub(r"\S*_?stdin(\.ts)?:(\d+):(\d+)", r"line \2, column \3", text)
        return error_content("SyntaxError", text.strip())

    async def abort_waiting(self):
        deadline = asyncio.get_running_loop().time() + ABORT_SECONDS
        while (left := deadline - asyncio.get_running_loop().time()) > 0:
            try:
                request = await asyncio.wait_for(self.cells.get(), left)
            except asyncio.TimeoutError:
                return
            await self.publish(self.compose("status", {"execution_state": "busy"}, request))
            await self.respond(request, "execute_reply", {"status": "aborted"})
            await self.publish(self.compose("status", {"execution_state": "idle"}, request))

    # Interrupts

    async def interrupt(self):
        cell = self.cell
        if cell is None:
            return
        cell.interrupts += 1
        listening = self.listening
        self.answer = asyncio.get_running_loop().create_future()
        await self.tell("interrupt")
        if listening and cell.interrupts == 1:
            return  # It ends its step first, however long that takes.
        await asyncio.wait([self.answer, cell.reply], timeout=ANSWER_SECONDS)
        if not self.answer.done() and not cell.reply.done():
            request = self.compose("interrupt_request", {}, cell.request)
            await self.send(self.back["control"], [], request.frames)
        await asyncio.wait([cell.reply], timeout=ANSWER_SECONDS)
        if not cell.reply.done():
            content = {"name": "stderr", "text": CANNOT_STOP}
            await self.publish(self.compose("stream", content, cell.request))

    async def tell(self, order):
        """An order for bootstrap.ts: "interrupt" or "flush-N"."""
        self.writer.write(f"{order}\n".encode())
        await self.writer.drain()

    async def accept(self, reader, writer):
        if (await reader.readline()).decode().strip() != self.marker:
            writer.close()
            return
        self.writer = writer
        self.connected.set()
        with contextlib.suppress(ConnectionError):
            async for line in reader:
                news = line.decode().strip()
                if news == "heard" and not self.answer.done():
                    self.answer.set_result(None)
                elif news in ("listening", "deaf"):
                    self.listening = news == "listening"

    # Life

    async def start_kernel(self, connection_file):
        server = await asyncio.start_server(self.accept, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        kernel = await asyncio.create_subprocess_exec(
            *(self.deno, "jupyter", "--quiet", "--kernel", "--conn", connection_file)
        )
        code = f'await (await import("{self.bootstrap}")).connect({port}, "{self.marker}");'
        content = {"code": code, "silent": True, "store_history": False}
        message = self.session.msg("execute_request", content)
        await self.back["shell"].send_multipart(self.session.serialize(message))
        return kernel

    async def become_ready(self):
        await self.connected.wait()
        # Outputs are subscribed to once a marker comes through.
        while not await self.flush(0.1):
            pass
        self.ready.set()

    async def watch_parent(self):
        parent = os.getppid()
        while os.getppid() == parent:
            await asyncio.sleep(1)
        self.stopping.set()

    async def run(self):
        loop = asyncio.get_running_loop()
        if sys.platform != "win32":
            loop.add_signal_handler(signal.SIGTERM, self.stopping.set)
            loop.add_signal_handler(signal.SIGINT, lambda: loop.create_task(self.interrupt()))
        with tempfile.TemporaryDirectory(prefix="immersic-kernel-") as folder:
            kernel = await self.start_kernel(self.open_sockets(folder))
            duties = [
                asyncio.create_task(duty)
                for duty in (
                    self.become_ready(),
                    self.relay_shell(),
                    self.relay_control(),
                    self.relay_stdin(),
                    self.beat(),
                    self.relay_replies("shell"),
                    self.relay_replies("control"),
                    self.relay_input_requests(),
                    self.relay_outputs(),
                    self.run_cells(),
                    self.watch_parent(),
                )
            ]
            died = asyncio.create_task(kernel.wait())
            stopping = asyncio.create_task(self.stopping.wait())
            for duty in duties:
                duty.add_done_callback(lambda done: report(done, self.stopping))
            await asyncio.wait([died, stopping], return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait([died], timeout=SHUTDOWN_SECONDS)
            if not died.done():
                kernel.kill()
                await died
            for duty in duties:
                duty.cancel()
            self.context.destroy(linger=500)
            return kernel.returncode


def report(duty, stopping):
    """A duty that failed takes the relay with it: no silence, no half relay."""
    if not duty.cancelled() and duty.exception():
        duty.print_stack()
        print(f"kernel relay: {duty.exception()!r}", file=sys.stderr)
        stopping.set()


def address(connection, channel):
    transport, ip = connection["transport"], connection["ip"]
    return f"{transport}://{ip}:{connection[channel + '_port']}"


def is_status(message, state):
    return message.type == "status" and message.content["execution_state"] == state


def error_content(name, value):
    return {"ename": name, "evalue": value, "traceback": [f"{name}: {value}"]}


if __name__ == "__main__":
    if sys.platform == "win32":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    sys.exit(asyncio.run(Relay(*sys.argv[1:]).run()))
