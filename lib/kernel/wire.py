"""Jupyter messages, and the sockets that carry them."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import zmq
import zmq.asyncio
from jupyter_client.connect import write_connection_file
from jupyter_client.session import Session


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
    def metadata(self):
        return json.loads(self.frames[3])

    @property
    def content(self):
        return json.loads(self.frames[4])

    def is_status(self, state):
        return self.type == "status" and self.content["execution_state"] == state


class Wires:
    """Sockets to the front end and to the kernel, one per channel.

    Both sides share one key, so signed messages can be passed on unchanged.
    """

    def __init__(self, connection_file):
        self._connection = json.loads(Path(connection_file).read_text())
        self._session = Session(**self._secret())
        self._context = zmq.asyncio.Context()
        self.front = {
            "shell": self._socket(zmq.ROUTER),
            "control": self._socket(zmq.ROUTER),
            "stdin": self._socket(zmq.ROUTER),
            "iopub": self._socket(zmq.PUB),
            "hb": self._socket(zmq.REP),
        }
        self.back = {
            "shell": self._socket(zmq.DEALER),
            "control": self._socket(zmq.DEALER),
            "stdin": self._socket(zmq.DEALER),
            "iopub": self._socket(zmq.SUB),
        }
        for name, socket in self.front.items():
            socket.bind(address(self._connection, name))
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
            "key": self._connection["key"].encode(),
            "signature_scheme": self._connection["signature_scheme"],
        }

    def _socket(self, kind):
        socket = self._context.socket(kind)
        # No limit, as a publisher drops messages beyond its limit.
        socket.sndhwm = socket.rcvhwm = 0
        return socket

    async def receive(self, socket):
        identities, frames = self._session.feed_identities(await socket.recv_multipart())
        return Message(identities, frames)

    async def send(self, socket, identities, message):
        await socket.send_multipart([*identities, b"<IDS|MSG>", *message.frames])

    def compose(self, message_type, content, parent=None):
        """Makes a signed message, optionally in answer to another."""
        message = self._session.msg(
            message_type, content, parent=parent.header if parent else None
        )
        _, frames = self._session.feed_identities(self._session.serialize(message))
        return Message([message_type.encode()], frames)

    async def publish(self, message):
        await self.send(self.front["iopub"], message.identities, message)

    async def respond(self, request, message_type, content, channel="shell"):
        reply = self.compose(message_type, content, request)
        await self.send(self.front[channel], request.identities, reply)

    def close(self):
        # Wait up to half a second for messages still being sent.
        self._context.destroy(linger=500)


def address(connection, channel):
    """The address of a channel in a connection file."""
    transport, ip = connection["transport"], connection["ip"]
    return f"{transport}://{ip}:{connection[channel + '_port']}"
