"""Cells on their way through the kernel: one at a time, in the order in which they came.

A front end may send many cells at once. The Jupyter protocol demands that those sent
before it could know that one had failed do not run, if the failed one asks for this
(`stop_on_error`). Deno would run them.

Which were sent before is told by their dates, as messages are under way for a while.
JupyterLab needs up to half a second to send all cells of a notebook on a busy machine,
so that a cell may fail before the last one is sent. Cells of a notebook that follow
each other closely count as sent in one go, and the rest of a go is given back too.
"""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field

from jupyter_client.jsonutil import parse_date

from cell_errors import explain_failure
from wire import Message

# Longest wait for the line that follows the last output, while no outputs come. It
# comes in milliseconds unless the cell has left something that blocks the event loop.
QUIET_SECONDS = 1.0
# A cell that arrives later after a failure was not under way then, whatever its date
# says: the clock of the front end has changed.
UNDER_WAY_SECONDS = 10.0
# Front ends cut dates to milliseconds.
DATE_SECONDS = 0.001
# Longest time between two cells of a notebook that are sent in one go. A person does
# not learn of a failure and run another cell in less.
GO_SECONDS = 0.25


@dataclass
class Sender:
    """What is known of a front end."""

    delay: float = float("inf")  # least seconds from the date of a message to arrival
    last_sent: float = float("-inf")  # date of its last cell
    go_failed: bool = False  # whether a cell failed that was sent in the same go


@dataclass
class Cell:
    """A cell that runs."""

    request: Message
    reply: asyncio.Future = field(default_factory=asyncio.Future)
    idle: asyncio.Future = field(default_factory=asyncio.Future)
    error: Message | None = None
    sent: bool = False  # to the kernel
    stops: int = 0  # how often the user pressed Stop

    @property
    def stops_others(self):
        """Whether cells that wait are given back if this one fails."""
        content = self.request.content
        return content.get("stop_on_error", True) and not content.get("silent")


class Cells:
    """Runs cells in the kernel, and gives back those behind one that failed."""

    def __init__(self, deno, wires, journal, orders, publish):
        self.running = None
        self.last_requester = []  # identities of the front end to ask questions
        self._deno = deno
        self._wires = wires
        self._journal = journal
        self._orders = orders
        self._publish = publish
        self._waiting = asyncio.Queue()
        self._marker_line = None
        self._flushed = None
        self._outputs = 0  # how many have come
        self._failed_at = float("-inf")
        self._senders = defaultdict(Sender)  # by session

    @property
    def busy(self):
        """Whether a cell runs or waits."""
        return self.running is not None or not self._waiting.empty()

    # Arrival

    def compare_clocks(self, message):
        """Learns from a message how the clock of its front end differs from ours."""
        if sent := date_of(message):
            sender = self._sender(message)
            sender.delay = min(sender.delay, time.time() - sent)

    def _sender(self, message):
        return self._senders[message.header.get("session")]

    async def add(self, request):
        """Takes in an execute request."""
        self._journal.ask(request)
        if self._was_under_way(request):
            await self._give_back(request)
        else:
            self._waiting.put_nowait(request)

    def _was_under_way(self, request):
        """Whether a cell that arrives now was sent before the last failure was known."""
        sent = date_of(request)
        if sent is None:
            return False
        sender = self._sender(request)
        in_notebook = "cellId" in request.metadata
        same_go = in_notebook and sent - sender.last_sent < GO_SECONDS
        sender.last_sent = sent
        sender.go_failed = sender.go_failed and same_go
        return sender.go_failed or (
            sent + sender.delay + DATE_SECONDS < self._failed_at
            and time.time() < self._failed_at + UNDER_WAY_SECONDS
        )

    # Running

    async def run(self):
        """Runs the cells that wait, for ever."""
        while True:
            await self._run(await self._waiting.get())

    async def _run(self, request):
        self.running = cell = Cell(request)
        # What listened before has ended, even if it did not say so: a cell that fails
        # does not dispose of its listeners.
        self._orders.listening = False
        self.last_requester = request.identities
        self._journal.start(request.id)
        code = await self._orders.prepare(request.content["code"])
        if not cell.stops:
            cell.sent = True
            prepared = self._wires.with_content(request, code=code)
            await self._wires.send(self._wires.back["shell"], [], prepared)
            reply = await self._ended(cell)
            failed = reply.content["status"] == "error"
        else:
            cell.reply.cancel()
            reply, failed = None, True
        behind = []
        if (cell.stops or failed) and cell.stops_others:
            self._failed_at = time.time()
            self._sender(request).go_failed = True
            while not self._waiting.empty():
                behind.append(self._waiting.get_nowait())
        self.running = None
        if reply:
            await self._report(cell, reply)
        else:
            behind.insert(0, request)
        for request in behind:
            await self._give_back(request)

    async def _ended(self, cell):
        """Waits until the kernel has run a cell and all its outputs have come.

        Returns the kernel's reply, with a better explanation if the cell failed.
        """
        reply = await cell.reply
        await cell.idle
        failed = reply.content["status"] == "error"
        await self.flush(failed=failed or cell.stops > 0)
        if not failed:
            return reply
        content = await explain_failure(
            self._deno,
            cell.request.content["code"],
            cell.error and cell.error.content,
            stopped=cell.stops > 0,
        )
        if content:
            cell.error = self._wires.compose("error", content, cell.request)
            return self._wires.with_content(reply, **content)
        return reply

    async def _report(self, cell, reply):
        """Tells the front end that a cell has ended."""
        if cell.error:
            await self._publish(cell.error)
        self._journal.end(cell.request.id, reply.content["status"])
        await self._wires.send(
            self._wires.front["shell"], cell.request.identities, reply
        )
        await self._publish(cell.idle.result())

    async def _give_back(self, request):
        """Answers a cell without running it."""
        self._journal.end(request.id, "aborted")
        await self._publish(self._wires.status("busy", request))
        await self._wires.respond(request, "execute_reply", {"status": "aborted"})
        await self._publish(self._wires.status("idle", request))

    # Messages of the kernel

    def take_reply(self, message):
        """Takes the reply to the running cell. Returns whether it was that."""
        cell = self.running
        if cell is None or message.parent_id != cell.request.id:
            return False
        cell.reply.set_result(message)
        return True

    def sift_output(self, message):
        """Returns the output to pass on now, or None if there is none."""
        self._outputs += 1
        if self._is_marker(message):
            if message.content["text"].strip() == self._marker_line:
                self._flushed.set_result(None)
            return None
        cell = self.running
        if cell is None or message.parent_id != cell.request.id:
            return message
        if message.type == "error":
            # Errors do not go through the queue: this one is ahead of what the cell
            # printed before it.
            cell.error = message
            return None
        if message.is_status("idle"):
            cell.idle.set_result(message)
            return None
        if message.type == "execute_input":
            code = cell.request.content["code"]
            return self._wires.with_content(message, code=code)
        return message

    def _is_marker(self, message):
        marker = self._orders.marker.encode()
        return message.type == "stream" and marker in message.frames[4]

    async def flush(self, failed=False, quiet_seconds=QUIET_SECONDS):
        """Waits until the kernel has sent everything printed so far.

        Returns whether it did so before it was quiet for a while.
        """
        self._flushed = flushed = asyncio.Future()
        self._marker_line = self._orders.end(failed)
        outputs = None
        while not flushed.done() and self._outputs != outputs:
            outputs = self._outputs
            await asyncio.wait([flushed], timeout=quiet_seconds)
        return flushed.done()


def date_of(message):
    """When a message was sent, in seconds since 1970, or None if it does not say so."""
    date = parse_date(message.header.get("date"))
    return date.timestamp() if hasattr(date, "timestamp") else None
