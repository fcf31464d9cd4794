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
- a cell run too early is told which one to run first (cell_errors.py);
- an interrupt ends code that listens for it (see bootstrap.ts) in good order,
  and code that never waits by force. Force is not used on code that waits:
  the kernel would never answer again.

All else passes through as it is.
"""

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass
from secrets import token_hex

from cell_errors import error_content, explain_missing, explain_refusal
from wire import Message, Wires

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
STOPPING = "This cell will stop when the step it is at is done.\n"


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
        self.wires = Wires(connection_file)
        self.requesters = {}  # message id -> identities to answer to
        self.cells = asyncio.Queue()
        self.cell = None
        self.last_requester = []
        self.ready = asyncio.Event()
        self.stopping = asyncio.Event()
        # What bootstrap.ts prints, and shows to prove that it is the one.
        self.marker = token_hex(16)
        self.writer = None  # towards bootstrap.ts
        self.connected = asyncio.Event()
        self.listening = False  # whether code listens for interrupts
        self.heard = None
        self.flushes = 0
        self.flushed = None
        self.markers_left = 0

    # Front end -> kernel

    async def relay_shell(self):
        await self.ready.wait()
        while True:
            message = await self.wires.receive(self.wires.front["shell"])
            if message.type == "execute_request":
                self.cells.put_nowait(message)
            else:
                await self.to_kernel("shell", message)

    async def relay_control(self):
        await self.ready.wait()
        while True:
            message = await self.wires.receive(self.wires.front["control"])
            if message.type == "interrupt_request":
                asyncio.create_task(self.interrupt())
                await self.wires.respond(
                    message, "interrupt_reply", {"status": "ok"}, "control"
                )
            elif message.type == "shutdown_request":
                await self.shut_down(message)
            else:
                await self.to_kernel("control", message)

    async def relay_stdin(self):
        while True:
            message = await self.wires.receive(self.wires.front["stdin"])
            await self.to_kernel("stdin", message)

    async def to_kernel(self, channel, message):
        if message.type.endswith("_request"):
            self.requesters[message.id] = message.identities
        await self.wires.send(self.wires.back[channel], [], message)

    async def beat(self):
        heart = self.wires.front["hb"]
        while True:
            await heart.send(await heart.recv())

    # Kernel -> front end

    async def relay_replies(self, channel):
        while True:
            message = await self.wires.receive(self.wires.back[channel])
            if self.cell and message.parent_id == self.cell.request.id:
                self.cell.reply.set_result(message)
            elif identities := self.requesters.pop(message.parent_id, None):
                await self.wires.send(self.wires.front[channel], identities, message)

    async def relay_input_requests(self):
        while True:
            message = await self.wires.receive(self.wires.back["stdin"])
            await self.wires.send(
                self.wires.front["stdin"], self.last_requester, message
            )

    async def relay_outputs(self):
        while True:
            message = await self.wires.receive(self.wires.back["iopub"])
            cell = self.cell
            of_cell = cell is not None and message.parent_id == cell.request.id
            if self.is_marker(message):
                self.count_marker(message)
            elif of_cell and message.type == "error":
                # The kernel sends errors past the queue, before what the
                # cell printed first.
                cell.error = message
            elif of_cell and message.is_status("idle"):
                cell.idle.set_result(message)
            elif self.ready.is_set():
                await self.wires.publish(message)

    # Cells

    async def run_cells(self):
        while True:
            await self.run_cell(await self.cells.get())

    async def run_cell(self, request):
        loop = asyncio.get_running_loop()
        cell = Cell(request, loop.create_future(), loop.create_future())
        self.cell = cell
        # Whoever listened in the cell before can stop nothing any more, even
        # if it never said so: a cell that fails does not clean up.
        self.listening = False
        self.last_requester = request.identities
        await self.wires.send(self.wires.back["shell"], [], request)
        reply = await cell.reply
        idle = await cell.idle
        await self.flush(FLUSH_SECONDS)
        failed = reply.content["status"] == "error"
        content = await self.explain(cell) if failed else None
        if content:
            cell.error = self.wires.compose("error", content, request)
            reply = self.wires.compose(
                "execute_reply", {**reply.content, **content}, request
            )
        if cell.error:
            await self.wires.publish(cell.error)
        self.cell = None
        await self.wires.send(self.wires.front["shell"], request.identities, reply)
        await self.wires.publish(idle)
        if cell.interrupts or (failed and request.content.get("stop_on_error", True)):
            await self.give_back_waiting()

    async def explain(self, cell):
        """What is to be said of a failed cell, None if the kernel's words do.

        The kernel says nothing of a cell that it refused or broke off.
        """
        code = cell.request.content["code"]
        if cell.error:
            return explain_missing(cell.error.content, code)
        if cell.interrupts:
            return error_content("Interrupted", "The cell was stopped.")
        return await explain_refusal(self.deno, code)

    async def give_back_waiting(self):
        loop = asyncio.get_running_loop()
        deadline = loop.time() + ABORT_SECONDS
        while (left := deadline - loop.time()) > 0:
            try:
                request = await asyncio.wait_for(self.cells.get(), left)
            except asyncio.TimeoutError:
                return
            for message_type, content in (
                ("status", {"execution_state": "busy"}),
                ("execute_reply", {"status": "aborted"}),
                ("status", {"execution_state": "idle"}),
            ):
                if message_type == "status":
                    message = self.wires.compose(message_type, content, request)
                    await self.wires.publish(message)
                else:
                    await self.wires.respond(request, message_type, content)

    # Markers

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

    def is_marker(self, message):
        return (
            message.type in ("stream", "display_data")
            and self.marker.encode() in message.frames[4]
        )

    def count_marker(self, message):
        content = message.content
        text = content.get("text") or content["data"]["text/plain"]
        if text.strip() == f"{self.marker} flush-{self.flushes}":
            self.markers_left -= 1
            if self.markers_left == 0 and not self.flushed.done():
                self.flushed.set_result(None)

    # Interrupts

    async def interrupt(self):
        cell = self.cell
        if cell is None:
            return
        cell.interrupts += 1
        self.heard = heard = asyncio.get_running_loop().create_future()
        await self.tell("interrupt")
        if self.listening:
            # Force in the middle of a step would leave the cell waiting for
            # ever, so an impatient second click must not bring it about.
            if cell.interrupts > 1:
                await self.remark(cell, STOPPING)
            return
        await first_of(heard, cell.reply)
        if not heard.done() and not cell.reply.done():
            force = self.wires.compose("interrupt_request", {})
            await self.wires.send(self.wires.back["control"], [], force)
        await first_of(cell.reply)
        if not cell.reply.done():
            await self.remark(cell, CANNOT_STOP)

    async def remark(self, cell, text):
        content = {"name": "stderr", "text": text}
        await self.wires.publish(self.wires.compose("stream", content, cell.request))

    async def tell(self, order):
        """An order for bootstrap.ts: "interrupt" or "flush-N"."""
        self.writer.write(f"{order}\n".encode())
        await self.writer.drain()

    async def accept(self, reader, writer):
        """Takes the connection of bootstrap.ts and hears what it has to say."""
        if (await reader.readline()).decode().strip() != self.marker:
            writer.close()
            return
        self.writer = writer
        self.connected.set()
        with contextlib.suppress(ConnectionError):
            async for line in reader:
                news = line.decode().strip()
                if news in ("listening", "deaf"):
                    self.listening = news == "listening"
                elif news == "heard" and not self.heard.done():
                    self.heard.set_result(None)

    # Life

    async def run(self):
        loop = asyncio.get_running_loop()
        if sys.platform != "win32":
            loop.add_signal_handler(signal.SIGTERM, self.stopping.set)
            loop.add_signal_handler(
                signal.SIGINT, lambda: loop.create_task(self.interrupt())
            )
        kernel = await self.start_kernel()
        self.died = loop.create_task(kernel.wait())
        self.died.add_done_callback(lambda _: self.stopping.set())
        duties = [
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
        ]
        tasks = [loop.create_task(duty) for duty in duties]
        for task in tasks:
            task.add_done_callback(self.check_duty)
        await self.stopping.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if not self.died.done():
            kernel.kill()
        self.wires.close()
        return await self.died

    async def start_kernel(self):
        server = await asyncio.start_server(self.accept, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        kernel = await asyncio.create_subprocess_exec(
            *(self.deno, "jupyter", "--quiet"),
            *("--kernel", "--conn", self.wires.kernel_file),
        )
        code = f'await (await import("{self.bootstrap}")).connect({port}, "{self.marker}");'
        request = self.wires.compose(
            "execute_request", {"code": code, "silent": True, "store_history": False}
        )
        await self.wires.send(self.wires.back["shell"], [], request)
        return kernel

    async def become_ready(self):
        await self.connected.wait()
        os.unlink(self.wires.kernel_file)
        # Outputs are subscribed to once a marker comes through.
        while not await self.flush(0.1):
            pass
        self.ready.set()

    async def shut_down(self, request):
        content = {"status": "ok", "restart": request.content["restart"]}
        await self.wires.send(self.wires.back["control"], [], request)
        await self.wires.respond(request, "shutdown_reply", content, "control")
        await asyncio.wait([self.died], timeout=SHUTDOWN_SECONDS)
        self.stopping.set()

    async def watch_parent(self):
        """Ends with the process that wanted the kernel, however it ended."""
        parent = os.getppid()
        while os.getppid() == parent:
            await asyncio.sleep(1)
        self.stopping.set()

    def check_duty(self, duty):
        """A duty that failed takes the relay with it: no half relay goes on."""
        if not duty.cancelled() and duty.exception():
            duty.print_stack()
            self.stopping.set()


async def first_of(*futures):
    """Waits for one of the futures, but not longer than ANSWER_SECONDS."""
    await asyncio.wait(
        futures, timeout=ANSWER_SECONDS, return_when=asyncio.FIRST_COMPLETED
    )


async def main():
    return await Relay(*sys.argv[1:]).run()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
