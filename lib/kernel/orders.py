"""The connection between the relay and bootstrap.ts, which runs inside Deno.

bootstrap.ts connects to a port of the relay. Its first line is the marker, a secret
text that the relay gave it. Then both sides send JSON objects, one per line, in UTF-8.
`type` says what an object is.

The relay sends:

{"type": "prepare", "n": 3, "code": "…"}
    Rewrite the code of a cell for the kernel, and answer `prepared` with the same n.
    The relay runs the code as it is if there is no answer within PREPARE_SECONDS.
{"type": "stop"}
    Stop what runs, and answer `heard` at once. The relay sends it while no cell runs
    too: code of an earlier cell may go on, such as music that plays.
    Without `heard` in time, or if the cell goes on, the relay forces the cell to end
    (stopping.py).
{"type": "end", "n": 3, "failed": true}
    The code of a cell has ended. If it failed or was stopped, show the last state of
    what it left half-done. Then print the line "MARKER 3", where MARKER is the marker.
    The relay reports the end of the cell when this line arrives. Several may come
    for one cell, and before the first cell.

bootstrap.ts sends:

{"type": "prepared", "n": 3, "code": "…"}
    The answer to `prepare`. Code that cannot be parsed comes back as it is.
{"type": "heard"}
    The answer to `stop`.
{"type": "listening", "on": true}
    Code of the running cell now ends by itself after `stop`, when it has finished its
    step; with false, it no longer does. The relay assumes false when a cell starts.
"""

import asyncio
import contextlib
import json
from collections import deque

# Longest wait for a prepared cell. It takes milliseconds unless the event loop is busy.
PREPARE_SECONDS = 1.0


class Orders:
    """Orders to bootstrap.ts, and its answers."""

    def __init__(self, marker):
        self.marker = marker
        self.connected = asyncio.Event()
        self.listening = False
        self._writer = None
        self._numbers = 0
        self._prepared = {}  # number of a `prepare` -> future of the code
        self._unheard = deque()  # futures of the stops not yet heard

    async def serve(self):
        """Waits for bootstrap.ts on a free port, which it returns."""
        self._server = await asyncio.start_server(
            self._accept, "127.0.0.1", 0, limit=2**30
        )
        return self._server.sockets[0].getsockname()[1]

    async def prepare(self, code):
        """Returns the code to run for a cell."""
        number = self._next_number()
        answer = asyncio.get_running_loop().create_future()
        self._prepared[number] = answer
        self._send("prepare", n=number, code=code)
        await asyncio.wait([answer], timeout=PREPARE_SECONDS)
        del self._prepared[number]
        return answer.result() if answer.done() else code

    def stop(self):
        """Orders a stop. Returns a future that is done when Deno has heard it."""
        heard = asyncio.get_running_loop().create_future()
        self._unheard.append(heard)
        self._send("stop")
        return heard

    def end(self, failed):
        """Says that a cell has ended. Returns the line that bootstrap.ts will print."""
        number = self._next_number()
        self._send("end", n=number, failed=failed)
        return f"{self.marker} {number}"

    def _next_number(self):
        self._numbers += 1
        return self._numbers

    def _send(self, order, **fields):
        # Not drained: a busy Deno must not make the relay wait.
        self._writer.write(f"{json.dumps({'type': order, **fields})}\n".encode())

    async def _accept(self, reader, writer):
        if (await reader.readline()).decode().strip() != self.marker:
            writer.close()
            return
        self._writer = writer
        self.connected.set()
        with contextlib.suppress(ConnectionError):
            async for line in reader:
                self._read(json.loads(line))

    def _read(self, news):
        match news["type"]:
            case "listening":
                self.listening = news["on"]
            case "heard":
                self._unheard.popleft().set_result(None)
            case "prepared" if answer := self._prepared.get(news["n"]):
                if not answer.done():
                    answer.set_result(news["code"])
