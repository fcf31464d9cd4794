"""How long the relay lives, and how a later one finds it.

The server of JupyterLab starts the relay. When the server dies without shutting its
kernels down, the relay goes on without it ("parked"), so that nothing that runs is
lost. A server that is started then begins the notebook's kernel anew, and the relay
that it starts finds the parked one and stands in for it (rejoin.py).

A relay that no server of Jupyter started, as in headless runs, ends with the process
that started it.
"""

import asyncio
import contextlib
import hashlib
import json
import os
import sys
import time
from pathlib import Path

import psutil
from jupyter_core.paths import jupyter_runtime_dir

# How long a parked relay waits once its cells have ended.
IDLE_SECONDS = 15 * 60
# How long a parked relay lives at most.
PARKED_SECONDS = 12 * 3600
# Difference up to which two times of creation mean the same process.
CLOCK_SECONDS = 60


def identify(process):
    """Names a process for another one. Its number alone may come to mean another."""
    return {"pid": process.pid, "created": process.create_time()}


def find(identity):
    """The process that `identify` named, or None if it has ended."""
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(identity["pid"])
        # The system's clock may have been set since.
        if abs(process.create_time() - identity["created"]) < CLOCK_SECONDS:
            return process
    return None


def lives(process):
    """Whether a process still runs."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def lives_still(pid):
    """Whether a process of this number still runs."""
    try:
        return lives(psutil.Process(pid))
    except psutil.Error:
        return False


def starter():
    """The process that started this one, or None if it has ended."""
    process = psutil.Process().parent()
    # An orphan's parent is another process. Jupyter tells the number of the server.
    if sys.platform != "win32" and "JPY_PARENT_PID" in os.environ:
        if not lives_still(int(os.environ["JPY_PARENT_PID"])):
            return None
    # On Windows, the Python of a virtual environment starts another Python.
    if sys.platform == "win32":
        program = Path(sys.argv[0]).name
        while any(program in argument for argument in process.cmdline()):
            process = process.parent()
    return process


def file_name(notebook):
    """A name of a notebook that stays when it is renamed, or moved on its disk."""
    try:
        found = os.stat(notebook)
    except OSError:
        return notebook  # a console, which has no file, or one that is gone
    return f"{found.st_dev} {found.st_ino}"


class Record:
    """A file that says how to reach the relay of a notebook, for this user only."""

    def __init__(self, notebook):
        self._notebook = notebook
        digest = hashlib.sha256(file_name(notebook).encode()).hexdigest()[:32]
        self._path = Path(jupyter_runtime_dir(), "immersic", f"{digest}.json")

    @classmethod
    def of_session(cls):
        """The record of the notebook that this process is to run, or None.

        Jupyter's server says which notebook it is.
        """
        name = os.environ.get("JPY_SESSION_NAME")
        return cls(name) if name else None

    def read(self):
        """What the record says, or None if there is none.

        The record of another file of the same path will do: some disks name files anew
        when they are mounted, and some editors write a new file.
        """
        for path in (self._path, *self._path.parent.glob("*.json")):
            with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
                content = json.loads(path.read_text(encoding="utf-8"))
                same = path == self._path or content["notebook"] == self._notebook
                if same and find(content["relay"]):
                    return content
        return None

    def write(self, content):
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self._path.with_suffix(f".{os.getpid()}")
        # The content holds the key of the connection.
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump({"notebook": self._notebook, **content}, file)
        os.replace(new, self._path)

    def remove(self):
        """Removes the record if this process wrote it."""
        with contextlib.suppress(OSError, TypeError):
            if self.read()["relay"]["pid"] == os.getpid():
                self._path.unlink()


class Life:
    """Watches the processes that the relay lives for."""

    def __init__(self, connection, is_busy):
        """Begins the life of this process as a relay.

        connection: Content of the connection file.
        is_busy: Says whether a cell runs or waits.
        """
        self._server = starter()
        self._bridge = None  # process of the relay that stands in for this one
        self._is_busy = is_busy
        self._record = Record.of_session()
        if self._record:
            relay = identify(psutil.Process())
            self._record.write({"relay": relay, "connection": connection})

    @property
    def parked(self):
        """Whether the server has died."""
        return self._server is None or not lives(self._server)

    def rejoin(self, server, bridge):
        """Lives for another server from now on, if the earlier one has died.

        bridge: The relay that stands in for this one.

        Returns whether it does.
        """
        if not self.parked:
            return False
        self._server, self._bridge = find(server), find(bridge)
        return True

    async def end(self):
        """Waits until there is nothing left to live for."""
        parked_at = last_busy = time.monotonic()
        while True:
            now = time.monotonic()
            if not self.parked:
                if self._bridge and not lives(self._bridge):
                    return  # The server has ended the kernel by force.
                parked_at = last_busy = now
            elif not self._record:
                return
            elif self._is_busy():
                last_busy = now
            if now > parked_at + PARKED_SECONDS or now > last_busy + IDLE_SECONDS:
                return
            await asyncio.sleep(1)

    def close(self):
        """Removes the record of this relay."""
        if self._record:
            self._record.remove()
