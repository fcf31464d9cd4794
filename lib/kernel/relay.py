"""Relay between a Jupyter front end and the Deno kernel; keeps outputs with their cells.

Usage: relay.py DENO BOOTSTRAP CONNECTION_FILE

The Deno kernel reports the end of a cell while some of its outputs still wait in a
queue, and labels each output with the cell that runs when it leaves the queue. Front
ends that run cells one after another therefore show outputs under the wrong cell, and
front ends that stop listening lose them. So the relay

- sends the kernel one cell at a time, and reports its end only after a line, printed
  after its last output, has come out of the queue (cells.py);
- gives back unrun the cells that wait behind one that failed or was stopped, as the
  Jupyter protocol demands (the kernel would run them);
- shows why a cell cannot be parsed (the kernel shows nothing), which cell to run first
  if one was run too early, and no trace where a sentence is enough (cell_errors.py);
- answers while a cell runs: what the kernel is, and what its cells have shown
  (journal.py), for a front end that was closed or reloaded meanwhile; and what can be
  written at a place in a cell, and what stands there (language.py);
- on Stop, lets code in Deno end what runs, and forces code that never waits to end
  (stopping.py);
- outlives the server that started it if the server dies, and is found by the next one
  (life.py, rejoin.py);
- tells front ends when their subscription to outputs has begun.

It passes on everything else unchanged. What it asks of Deno is in orders.py.
"""

import asyncio
import os
import signal
import sys
from secrets import token_hex

from cells import Cells
from journal import Journal
from language import NOTHING, Language
from life import Life
from orders import Orders
from prompts import Prompts
from rejoin import rejoin
from stopping import Stopper
from wire import Wires

SHUTDOWN_SECONDS = 3.0


class Relay:
    """Passes messages between a front end and the kernel, in both directions."""

    def __init__(self, deno, bootstrap, connection_file):
        self.deno = deno
        self.bootstrap = bootstrap
        self.wires = Wires(connection_file)
        self.journal = Journal()
        self.language = Language(deno, self.journal)
        self.orders = Orders(token_hex(16))
        self.cells = Cells(deno, self.wires, self.journal, self.orders, self.publish)
        self.prompts = Prompts(self.wires, self.cells)
        self.stopper = Stopper(
            self.wires, self.cells, self.orders, self.prompts, self.publish
        )
        self.life = Life(self.wires.connection, lambda: self.cells.busy)
        self.requesters = {}  # message id -> identities to send the reply to
        self.info = asyncio.Future()  # content of the kernel's kernel_info_reply
        self.ready = asyncio.Event()
        self.stopping = asyncio.Event()

    # Front end -> kernel

    async def relay_shell(self):
        await self.ready.wait()
        while True:
            message = await self.wires.receive(self.wires.front["shell"])
            self.cells.compare_clocks(message)
            match message.type:
                case "execute_request":
                    await self.cells.add(message)
                case "kernel_info_request":
                    await self.answer(message, "kernel_info_reply", self.info.result())
                case "immersic_journal_request":
                    content = {
                        **{"status": "ok", "version": 1},
                        **{"cells": self.journal.snapshot(), "question": self.prompts.open},
                    }
                    # A page that has come back is the one to ask from now on.
                    self.cells.last_requester = message.identities
                    await self.answer(message, "immersic_journal_reply", content)
                case "complete_request" | "inspect_request":
                    question = asyncio.create_task(self.answer_question(message))
                    question.add_done_callback(self.check_duty)
                case _:
                    await self.to_kernel("shell", message)

    async def answer(self, request, reply_type, content):
        """Answers a request in place of the kernel, which may be busy."""
        await self.publish(self.wires.status("busy", request))
        await self.wires.respond(request, reply_type, content)
        await self.publish(self.wires.status("idle", request))
        if cell := self.cells.running:
            # Front ends take the last status for the kernel's.
            await self.publish(self.wires.status("busy", cell.request))

    async def answer_question(self, request):
        """Answers a question about code (Tab and Shift+Tab)."""
        content = await self.language.answer(request.type, request.content)
        # Deno itself knows the names that cells have made, but not while one runs.
        if content is None and self.cells.running is None:
            await self.to_kernel("shell", request)
        else:
            reply_type = request.type.replace("request", "reply")
            await self.answer(request, reply_type, content or NOTHING[request.type])

    async def relay_control(self):
        await self.ready.wait()
        while True:
            message = await self.wires.receive(self.wires.front["control"])
            match message.type:
                case "interrupt_request":
                    self.stop()
                    await self.wires.respond(
                        message, "interrupt_reply", {"status": "ok"}, "control"
                    )
                case "immersic_rejoin_request":
                    rejoined = self.life.rejoin(**message.content)
                    await self.wires.respond(
                        message,
                        "immersic_rejoin_reply",
                        {"status": "ok", "rejoined": rejoined},
                        "control",
                    )
                case "shutdown_request":
                    await self.shut_down(message)
                case _:
                    await self.to_kernel("control", message)

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
            if self.cells.take_reply(message):
                continue
            if identities := self.requesters.pop(message.parent_id, None):
                await self.wires.send(self.wires.front[channel], identities, message)
            elif message.type == "kernel_info_reply":
                self.info.set_result(message.content)

    async def relay_outputs(self):
        while True:
            message = await self.wires.receive(self.wires.back["iopub"])
            output = self.cells.sift_output(message)
            if output and self.ready.is_set():
                await self.publish(output)

    async def publish(self, message):
        """Sends an output to all front ends, and keeps it for those that are away."""
        self.journal.note(message)
        await self.wires.publish(message)

    # Life

    async def run(self):
        loop = asyncio.get_running_loop()
        if sys.platform != "win32":
            loop.add_signal_handler(signal.SIGTERM, self.stopping.set)
            loop.add_signal_handler(signal.SIGINT, self.stop)
        kernel = await self.start_kernel()
        self.died = loop.create_task(kernel.wait())
        self.died.add_done_callback(lambda _: self.stopping.set())
        duties = [
            self.become_ready(),
            self.relay_shell(),
            self.relay_control(),
            self.prompts.pass_questions(),
            self.prompts.pass_answers(),
            self.beat(),
            self.relay_replies("shell"),
            self.relay_replies("control"),
            self.relay_outputs(),
            self.wires.greet_subscribers(),
            self.cells.run(),
            self.language.start_early(),
            self.live(),
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
        self.life.close()
        return await self.died

    async def start_kernel(self):
        """Starts the kernel, and has it load bootstrap.ts."""
        port = await self.orders.serve()
        kernel = await asyncio.create_subprocess_exec(
            *(self.deno, "jupyter", "--quiet"),
            *("--kernel", "--conn", self.wires.kernel_file),
        )
        load = f'(await import("{self.bootstrap}")).connect({port}, "{self.orders.marker}")'
        request = self.wires.compose(
            "execute_request",
            {"code": f"await {load};", "silent": True, "store_history": False},
        )
        await self.wires.send(self.wires.back["shell"], [], request)
        return kernel

    async def become_ready(self):
        await self.orders.connected.wait()
        os.unlink(self.wires.kernel_file)
        # Once a line of bootstrap.ts arrives, the subscription to outputs is active.
        while not await self.cells.flush(quiet_seconds=0.1):
            pass
        ask = self.wires.compose("kernel_info_request", {})
        await self.wires.send(self.wires.back["shell"], [], ask)
        await self.info
        self.ready.set()

    def stop(self):
        """Stops what runs in the kernel."""
        if self.ready.is_set():
            task = asyncio.get_running_loop().create_task(self.stopper.stop())
            task.add_done_callback(self.check_duty)

    async def shut_down(self, request):
        content = {"status": "ok", "restart": request.content["restart"]}
        await self.wires.send(self.wires.back["control"], [], request)
        await self.wires.respond(request, "shutdown_reply", content, "control")
        await asyncio.wait([self.died], timeout=SHUTDOWN_SECONDS)
        self.stopping.set()

    async def live(self):
        await self.life.end()
        self.stopping.set()

    def check_duty(self, duty):
        """Stops the whole relay if one of its tasks fails."""
        if not duty.cancelled() and duty.exception():
            duty.print_stack()
            self.stopping.set()


async def main():
    deno, bootstrap, connection_file = sys.argv[1:]
    if await rejoin(connection_file):
        return 0
    return await Relay(deno, bootstrap, connection_file).run()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
