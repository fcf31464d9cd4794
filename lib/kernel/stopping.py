"""What the relay does when the user presses Stop.

Deno can end code that never waits, by force. If it forces code that waits, it does not
answer any more. So bootstrap.ts is asked first: if it hears, code waits, and
bootstrap.ts ends it. If it does not, code does not wait, and force is right.
"""

import asyncio

# Longest time to hear of a stop, for code that does not listen for it. Code that takes
# longer is taken for a loop that never waits.
HEAR_SECONDS = 0.4
# The same for code that listens: a step of training may take long, and a forced end
# in the middle of a step would spoil what it works on.
LISTENER_SECONDS = 5.0
# A cell that still runs after this time is said not to be stoppable.
END_SECONDS = 1.0

STOPPING = "This cell will stop when the step it is at is done.\n"
WAITING = (
    "This cell is waiting and cannot be stopped. "
    "Restart the kernel to end it; variables will be lost.\n"
)
BLOCKED = (
    "This cell is in a call that cannot be stopped, and will stop when the call "
    "returns. Restart the kernel to end it now; variables will be lost.\n"
)


class Stopper:
    """Stops the running cell, and what earlier cells have left running."""

    def __init__(self, wires, cells, orders, prompts, publish):
        self._wires = wires
        self._cells = cells
        self._orders = orders
        self._prompts = prompts
        self._publish = publish

    async def stop(self):
        """Stops what runs."""
        cell = self._cells.running
        heard = self._orders.stop()
        if cell is None:
            return
        cell.stops += 1
        await self._prompts.cancel()
        listening = self._orders.listening
        await first_of(LISTENER_SECONDS if listening else HEAR_SECONDS, heard, cell.reply)
        if not heard.done() and cell.sent and not cell.reply.done():
            force = self._wires.compose("interrupt_request", {})
            await self._wires.send(self._wires.back["control"], [], force)
        await first_of(END_SECONDS, cell.reply)
        if cell.reply.done():
            return
        if not heard.done():
            await self._remark(cell, BLOCKED)
        elif not self._orders.listening:
            await self._remark(cell, WAITING)
        elif cell.stops == 2:
            await self._remark(cell, STOPPING)

    async def _remark(self, cell, text):
        """Shows a text in the output of a cell."""
        content = {"name": "stderr", "text": text}
        await self._publish(self._wires.compose("stream", content, cell.request))


async def first_of(seconds, *futures):
    """Waits for one of the futures, but not for long."""
    await asyncio.wait(
        futures, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
    )
