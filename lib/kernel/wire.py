"""Jupyter messages, and the sockets that carry them."""

import hmac
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import zmq
import zmq.asyncio
from jupyter_client.connect import write_connection_file
from jupyter_client.session import Session

DELIMITER = b"<IDS|MSG>"


@dataclass
class Message:
    """One Jupyter message; `frames` starts with the signature."""

    identities: list
    frames: list
    header: dict = field(init=False)
    parent_id: str = field(init=False)

    def __post_init__(self):
        self.header = json.loads(self.frames[1])
        self.parent_id = (json.loads(self.frames[2]) or {}).get("msg_id", "")

    @property
    def type(self):
        return self.header["msg_type"]

    @property
    def id(self):
        return self.header["msg_id"]

    @property
    def metadata(self):
        return json.loads(self.frames[3]) or {}

    @property
    def content(self):
        content = json.loads(self.frames[4])
        # Code can send whatever it likes with `Deno.jupyter.broadcast`.
        return content if isinstance(content, dict) else {}

    def is_status(self, state):
        return self.type == "status" and self.content.get("execution_state") == state


class Wires:
    """Sockets to the front end and to the kernel, one per channel.

    Both sides share one key, so signed messages can be passed on unchanged.
    """

    def __init__(self, connection_file):
        self.connection = json.loads(Path(connection_file).read_text(encoding="utf-8"))
        self._session = Session(**self._secret())
        self._context = zmq.asyncio.Context()
        self.front = {
            "shell": self._socket(zmq.ROUTER),
            "control": self._socket(zmq.ROUTER),
            "stdin": self._socket(zmq.ROUTER),
            "iopub": self._socket(zmq.XPUB),
            "hb": self._socket(zmq.REP),
        }
        self.back = {
            "shell": self._socket(zmq.DEALER),
            "control": self._socket(zmq.DEALER),
            "stdin": self._socket(zmq.DEALER),
            "iopub": self._socket(zmq.SUB),
        }
        # Tells of each subscriber, even if another has subscribed to the same.
        self.front["iopub"].xpub_verbose = 1
        for name, socket in self.front.items():
            socket.bind(address(self.connection, name))
        self.kernel_file, kernel = write_connection_file(
            f"{os.path.splitext(connection_file)[0]}-inner.json", **self._secret()
        )
        for name, socket in self.back.items():
            if name == "iopub":
                socket.subscribe(b"")
            else:
                # The kernel sends input requests to the identity that sent the cell.
                socket.identity = b"relay"
            socket.connect(address(kernel, name))

    def _secret(self):
        return {
            "key": self.connection["key"].encode(),
            "signature_scheme": self.connection["signature_scheme"],
        }

    def _socket(self, kind):
        socket = self._context.socket(kind)
        # No limit, as a publisher drops messages beyond its limit.
        socket.sndhwm = socket.rcvhwm = 0
        return socket

    async def receive(self, socket):
        """Waits for a message that is signed with the key of the connection file.

        Others can reach the sockets too, so it ignores all that is not signed.
        """
        while True:
            identities, frames = split(await socket.recv_multipart())
            if is_signed(self._session, frames):
                return Message(identities, frames)

    async def send(self, socket, identities, message):
        await socket.send_multipart([*identities, DELIMITER, *message.frames])

    def compose(self, message_type, content, parent=None):
        """Makes a signed message, optionally in answer to another."""
        message = self._session.msg(
            message_type, content, parent=parent.header if parent else None
        )
        _, frames = split(self._session.serialize(message))
        return Message([message_type.encode()], frames)

    def status(self, state, parent):
        """Makes a message that says that the kernel is "busy" or "idle"."""
        return self.compose("status", {"execution_state": state}, parent)

    def with_content(self, message, **changes):
        """Returns a copy of a message with some fields of its content changed."""
        content = json.dumps({**message.content, **changes}).encode()
        parts = [*message.frames[1:4], content]
        frames = [self._session.sign(parts), *parts, *message.frames[5:]]
        return Message(message.identities, frames)

    async def greet_subscribers(self):
        """Tells each new subscriber to outputs that it misses none from now on."""
        while True:
            frame = await self.front["iopub"].recv()
            if frame[:1] == b"\x01":
                topic = frame[1:]
                content = {"subscription": topic.decode(errors="replace")}
                welcome = self.compose("iopub_welcome", content)
                welcome.identities = [topic]
                await self.publish(welcome)

    async def publish(self, message):
        await self.send(self.front["iopub"], message.identities, message)

    async def respond(self, request, message_type, content, channel="shell"):
        reply = self.compose(message_type, content, request)
        await self.send(self.front[channel], request.identities, reply)

    def close(self):
        # Wait up to half a second for messages still being sent.
        self._context.destroy(linger=500)


def split(frames):
    """Splits a message into its identities, and its frames from the signature on."""
    if DELIMITER not in frames:
        return frames, []
    place = frames.index(DELIMITER)
    return frames[:place], frames[place + 1 :]


def is_signed(session, frames):
    """Whether a message carries the signature of a session."""
    return len(frames) >= 5 and hmac.compare_digest(
        frames[0], session.sign(frames[1:5])
    )


def address(connection, channel):
    """The address of a channel in a connection file."""
    transport, ip = connection["transport"], connection["ip"]
    return f"{transport}://{ip}:{connection[channel + '_port']}"
