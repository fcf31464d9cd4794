"""Relay between a Jupyter front end and the Deno kernel; keeps outputs with their cells.

Usage: relay.py DENO BOOTSTRAP CONNECTION_FILE

The Deno kernel reports the end of a cell while some of its outputs still wait in a
queue, and labels each output with the cell that runs when it leaves the queue. Front
ends that run cells one after another therefore show outputs under the wrong cell, and
front ends that stop listening lose them. So the relay

- sends the kernel one cell at a time, and reports its end only after a marker,
  printed after its last output, has come out of the queue;
- gives back unrun the cells that wait behind one that failed or was stopped, as the
  Jupyter protocol demands (the kernel would run them);
- shows why a cell cannot be parsed (the kernel shows nothing);
- says which cell to run first if one was run too early (cell_errors.py);
- answers while a cell runs: what the kernel is, and what its cells have shown
  (journal.py), for a front end that was closed or reloaded meanwhile; and what can be
  written at a place in a cell, and what stands there (language.py);
- on an interrupt, lets code that listens for it (see bootstrap.ts) end by itself,
  and forces code that never waits to end. It never forces code that waits, as the
  kernel would not answer again.

It passes on everything else unchanged.
"""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from secrets import token_hex

from cell_errors import error_content, explain_missing, explain_refusal
from journal import Journal
from language import NOTHING, Language
from orders import Orders
from wire import Message, Wires

# Time after a failed cell in which arriving requests are given back too.
ABORT_SECONDS = 0.1
# Longest wait for markers. They normally take milliseconds; code that replaces the
# console or keeps the event loop busy can delay them.
FLUSH_SECONDS = 10.0
# Longest time to answer an interrupt, for code that does not listen for it. Code that
# takes longer is a loop that never waits.
ANSWER_SECONDS = 1.0
SHUTDOWN_SECONDS = 3.0

CANNOT_STOP = (
    "This cell is waiting and cannot be stopped. "
    "Restart the kernel to end it; variables will be lost.\n"
)
STOPPING = "This cell will stop when the step it is at is done.\n"


@dataclass
class Cell:
    """The execute request that the kernel is running."""

    request: Message
    reply: asyncio.Future
    idle: asyncio.Future
    error: Message | None = None
    interrupts: int = 0


class Relay:
    """Passes messages between a front end and the kernel, in both directions."""

    def __init__(self, deno, bootstrap, connection_file):
        self.deno = deno
        self.bootstrap = bootstrap
        self.wires = Wires(connection_file)
        self.requesters = {}  # message id -> identities to send the reply to
        self.cells = asyncio.Queue()
        self.journal = Journal()
        self.language = Language(deno, self.journal)
        self.info = None  # content of the kernel's kernel_info_reply
        self.cell = None
        self.last_requester = []
        self.informed = asyncio.Event()
        self.ready = asyncio.Event()
        self.stopping = asyncio.Event()
        self.orders = Orders(token_hex(16))
        self.marker_line = None  # the line that follows the last output
        self.flushed = None

    # Front end -> kernel

    async def relay_shell(self):
        await self.ready.wait()
        while True:
            message = await self.wires.receive(self.wires.front["shell"])
            match message.type:
                case "execute_request":
                    self.journal.ask(message)
                    self.cells.put_nowait(message)
                case "kernel_info_request":
                    await self.answer(message, "kernel_info_reply", self.info)
                case "immersic_journal_request":
                    cells = self.journal.snapshot()
                    content = {"status": "ok", "version": 1, "cells": cells}
                    await self.answer(message, "immersic_journal_reply", content)
                case "complete_request" | "inspect_request":
                    question = asyncio.create_task(self.answer_question(message))
                    question.add_done_callback(self.check_duty)
                case _:
                    await self.to_kernel("shell", message)

    async def answer(self, request, message_type, content):
        """Answers a request in place of the kernel, which may be busy."""
        # Front ends take the last status for the kernel's.
        states = [("busy", request), ("idle", request)]
        if self.cell:
            states.append(("busy", self.cell.request))
        for state, parent in states:
            if (state, parent) == ("idle", request):
                await self.wires.respond(request, message_type, content)
            status = self.wires.compose("status", {"execution_state": state}, parent)
            await self.publish(status)

    async def answer_question(self, request):
        """Answers a question about code (Tab and Shift+Tab)."""
        content = await self.language.answer(request.type, request.content)
        if content is None and self.cell is None:
            await self.to_kernel("shell", request)
        else:
            reply_type = request.type.replace("request", "reply")
            await self.answer(request, reply_type, content or NOTHING[request.type])

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

    async def publish(self, message):
        """Sends an output to all front ends, and keeps it for those that are away."""
        self.journal.note(message)
        await self.wires.publish(message)

    async def beat(self):
        heart = self.wires.front["hb"]
        while True:
            await heart.send(await heart.recv())

    # Kernel -> front end

    async def relay_replies(self, channel):
        while True:
            message = await self.wires.receive(self.wires.back[channel])
            if message.type == "kernel_info_reply" and self.info is None:
                self.info = message.content
                self.informed.set()
            elif self.cell and message.parent_id == self.cell.request.id:
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
                if message.content["text"].strip() == self.marker_line:
                    self.flushed.set_result(None)
            elif of_cell and message.type == "error":
                # Errors do not go through the queue: this one is ahead of
                # what the cell printed before it.
                cell.error = message
            elif of_cell and message.is_status("idle"):
                cell.idle.set_result(message)
            elif self.ready.is_set():
                await self.publish(message)

    # Cells

    async def run_cells(self):
        while True:
            await self.run_cell(await self.cells.get())

    async def run_cell(self, request):
        loop = asyncio.get_running_loop()
        cell = Cell(request, loop.create_future(), loop.create_future())
        self.cell = cell
        # Listeners of the previous cell have ended, even if they did not say so:
        # a cell that fails does not dispose of them.
        self.orders.listening = False
        self.last_requester = request.identities
        self.journal.start(request.id)
        await self.wires.send(self.wires.back["shell"], [], request)
        reply = await cell.reply
        idle = await cell.idle
        failed = reply.content["status"] == "error"
        await self.flush(FLUSH_SECONDS, failed)
        content = await self.explain(cell) if failed else None
        if content:
            cell.error = self.wires.compose("error", content, request)
            reply = self.wires.compose(
                "execute_reply", {**reply.content, **content}, request
            )
        if cell.error:
            await self.publish(cell.error)
        self.cell = None
        self.journal.end(request.id, reply.content["status"])
        await self.wires.send(self.wires.front["shell"], request.identities, reply)
        await self.publish(idle)
        if cell.interrupts or (failed and request.content.get("stop_on_error", True)):
            await self.give_back_waiting()

    async def explain(self, cell):
        """Explains a failed cell, or returns None if the kernel's message is enough.

        The kernel sends no message for a cell that it refused or ended by force.
        """
        code = cell.request.content["code"]
        if cell.error:
            return explain_missing(cell.error.content, code)
        if cell.interrupts:
            return error_content("Interrupted", "The cell was stopped.")
        return await explain_refusal(self.deno, code)

    async def give_back_waiting(self):
        """Answers the waiting cells without running them."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + ABORT_SECONDS
        while (left := deadline - loop.time()) > 0:
            try:
                request = await asyncio.wait_for(self.cells.get(), left)
            except asyncio.TimeoutError:
                return
            self.journal.end(request.id, "aborted")
            for message_type, content in (
                ("status", {"execution_state": "busy"}),
                ("execute_reply", {"status": "aborted"}),
                ("status", {"execution_state": "idle"}),
            ):
                if message_type == "status":
                    message = self.wires.compose(message_type, content, request)
                    await self.publish(message)
                else:
                    await self.wires.respond(request, message_type, content)

    # Markers

    async def flush(self, limit_seconds, failed=False):
        """Waits until the kernel has sent everything printed so far.

        Returns whether it did so in time.
        """
        self.flushed = flushed = asyncio.get_running_loop().create_future()
        self.marker_line = self.orders.end(failed)
        await asyncio.wait([flushed], timeout=limit_seconds)
        return flushed.done()

    def is_marker(self, message):
        return (
            message.type == "stream"
            and self.orders.marker.encode() in message.frames[4]
        )

    # Interrupts

    async def interrupt(self):
        """Stops the running cell, as described above."""
        cell = self.cell
        if cell is None:
            return
        cell.interrupts += 1
        heard = self.orders.stop()
        if self.orders.listening:
            # A forced end in the middle of a step would leave the cell waiting
            # forever, so a second click must not cause one.
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
        """Shows a text in the output of a cell."""
        content = {"name": "stderr", "text": text}
        await self.publish(self.wires.compose("stream", content, cell.request))

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
            self.language.start_early(),
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
        self.language.close()
        self.wires.close()
        return await self.died

    async def start_kernel(self):
        """Starts the kernel, and has it load bootstrap.ts."""
        port = await self.orders.serve()
        kernel = await asyncio.create_subprocess_exec(
            *(self.deno, "jupyter", "--quiet"),
            *("--kernel", "--conn", self.wires.kernel_file),
        )
        code = f'await (await import("{self.bootstrap}")).connect({port}, "{self.orders.marker}");'
        request = self.wires.compose(
            "execute_request", {"code": code, "silent": True, "store_history": False}
        )
        await self.wires.send(self.wires.back["shell"], [], request)
        return kernel

    async def become_ready(self):
        await self.orders.connected.wait()
        os.unlink(self.wires.kernel_file)
        # Once a marker arrives, the subscription to outputs is active.
        while not await self.flush(0.1):
            pass
        ask = self.wires.compose("kernel_info_request", {})
        await self.wires.send(self.wires.back["shell"], [], ask)
        await self.informed.wait()
        self.ready.set()

    async def shut_down(self, request):
        content = {"status": "ok", "restart": request.content["restart"]}
        await self.wires.send(self.wires.back["control"], [], request)
        await self.wires.respond(request, "shutdown_reply", content, "control")
        await asyncio.wait([self.died], timeout=SHUTDOWN_SECONDS)
        self.stopping.set()

    async def watch_parent(self):
        """Ends the relay when the process that started it ends, however it ends."""
        parent = os.getppid()
        while os.getppid() == parent:
            await asyncio.sleep(1)
        self.stopping.set()

    def check_duty(self, duty):
        """Stops the whole relay if one of its tasks fails."""
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
