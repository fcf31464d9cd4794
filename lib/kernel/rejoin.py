"""Stands in for a relay whose server has died, towards a new server.

It passes all messages on, signed anew, as each server has a key of its own. So
variables, cells that run and their outputs are those of the earlier relay.
"""

import asyncio
import json
from pathlib import Path
from secrets import token_hex

import psutil
import zmq
import zmq.asyncio
from jupyter_client.session import Session

from life import Record, find, identify, lives, starter
from wire import DELIMITER, address, is_signed, split

REPLY_SECONDS = 3.0


class Bridge:
    """Passes messages between a new server and an earlier relay."""

    def __init__(self, connection_file, record):
        self._relay = find(record["relay"])
        self._server = starter()
        self._new = json.loads(Path(connection_file).read_text(encoding="utf-8"))
        self._old = record["connection"]
        self._sign_new = session_of(self._new)
        self._sign_old = session_of(self._old)
        self._context = zmq.asyncio.Context()
        # The earlier relay asks for input on the identity that sent the cell.
        self._identity = token_hex(8).encode()

    def _socket(self, kind, connection, channel):
        socket = self._context.socket(kind)
        socket.sndhwm = socket.rcvhwm = 0
        if connection is self._new:
            if kind == zmq.XPUB:
                socket.xpub_verbose = 1
            socket.bind(address(connection, channel))
        else:
            if kind == zmq.DEALER:
                socket.identity = self._identity
            socket.connect(address(connection, channel))
        return socket

    async def ask(self):
        """Asks the earlier relay to live for the new server. Returns whether it does."""
        control = self._context.socket(zmq.DEALER)
        control.connect(address(self._old, "control"))
        content = {"server": identify(self._server), "bridge": identify(psutil.Process())}
        session = self._sign_old
        request = session.msg("immersic_rejoin_request", content)
        await control.send_multipart(session.serialize(request))
        try:
            if not await control.poll(REPLY_SECONDS * 1000):
                return False
            _, frames = split(await control.recv_multipart())
            return is_signed(session, frames) and json.loads(frames[4])["rejoined"]
        finally:
            control.close(linger=0)

    async def run(self):
        """Passes messages on until the earlier relay or the new server ends."""
        tasks = [self._beat()]
        for channel in ("shell", "control", "stdin"):
            front = self._socket(zmq.ROUTER, self._new, channel)
            back = self._socket(zmq.DEALER, self._old, channel)
            tasks.append(pump(front, self._sign_new, back, self._sign_old))
            tasks.append(pump(back, self._sign_old, front, self._sign_new))
        front = self._socket(zmq.XPUB, self._new, "iopub")
        back = self._socket(zmq.XSUB, self._old, "iopub")
        tasks.append(pump(back, self._sign_old, front, self._sign_new))
        tasks.append(subscribe(front, back))
        running = asyncio.gather(*tasks)
        while lives(self._relay) and lives(self._server):
            done, _ = await asyncio.wait([running], timeout=0.3)
            if done:
                break
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        self._context.destroy(linger=500)

    async def _beat(self):
        heart = self._socket(zmq.REP, self._new, "hb")
        while True:
            await heart.send(await heart.recv())


async def pump(source, source_session, target, target_session):
    """Passes messages on, signed anew, if they were signed."""
    while True:
        identities, frames = split(await source.recv_multipart())
        if is_signed(source_session, frames):
            frames[0] = target_session.sign(frames[1:5])
            await target.send_multipart([*identities, DELIMITER, *frames])


async def subscribe(front, back):
    """Passes subscriptions to outputs on."""
    while True:
        await back.send(await front.recv())


def session_of(connection):
    """A session that signs with the key of a connection file."""
    return Session(
        key=connection["key"].encode(),
        signature_scheme=connection["signature_scheme"],
    )


async def rejoin(connection_file):
    """Stands in for an earlier relay of the same notebook until it ends.

    Returns False if there is none whose server has died, and True at once if the server
    that started this process has died meanwhile.
    """
    if starter() is None:
        return True
    record = Record.of_session()
    known = record and record.read()
    if not known:
        return False
    bridge = Bridge(connection_file, known)
    if not await bridge.ask():
        return False
    await bridge.run()
    return True
