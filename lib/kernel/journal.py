"""What the cells of a kernel have shown, for a front end that was away.

A front end sends `immersic_journal_request`, without content, on the shell channel. On
the outputs channel (iopub) it gets the status "busy" and then "idle", both with its
request as parent, and on the shell channel `immersic_journal_reply`:

{"status": "ok", "version": 1, "cells": [Entry, …], "question": Question}

The reply holds exactly what was sent on the outputs channel before that "idle"; what
comes after it is new. So a front end that collects messages from before its request
on drops those up to the "idle" and shows the rest.

Question, null unless code waits for an answer (`prompt()`), has the `header`,
`parent_header` and `content` of the `input_request`. From now on it is the front end
that asked for the journal which is asked.

Entry, in the order in which the cells were sent:

id       id of the execute_request
cell     id of the notebook cell (`cellId` in the request's metadata), or null
code     the cell as it was sent
state    "waiting", "running", "ok", "error" or "aborted" (given back unrun)
count    execution count, or null before the cell runs
outputs  as in a notebook file: text of one stream is joined, displays are updated.
         `transient` is kept, for its `display_id`.
asked    when the request came, in seconds since 1970
ended    when the cell ended, likewise, or null

The journal keeps the last entry of each cell. Cells without an id are told apart by
their code. Outputs that come after the end of a cell are added to it.
"""

import time
from dataclasses import dataclass, field

# Most characters of text kept of one stream; the last ones are kept.
TEXT_LIMIT = 1_000_000
# Most characters kept of the outputs of one cell; the first outputs are kept.
CELL_LIMIT = 16_000_000
# Most kept of all cells that have ended; the last cells are kept.
CELLS_LIMIT = 1_000
TOTAL_LIMIT = 64_000_000

TEXT_CUT = "[Earlier text was not kept while this page was away.]\n"
OUTPUTS_CUT = "[Later outputs were not kept while this page was away.]\n"


@dataclass
class Stream:
    """Text of one stream, in the pieces in which it came."""

    name: str
    pieces: list = field(default_factory=list)
    size: int = 0
    cut: bool = False

    def add(self, text):
        self.pieces.append(text)
        self.size += len(text)
        # Cut seldom, as cutting copies all.
        if self.size > 2 * TEXT_LIMIT:
            self.pieces = ["".join(self.pieces)[-TEXT_LIMIT:]]
            self.size = TEXT_LIMIT
            self.cut = True

    def output(self):
        text = "".join(self.pieces)
        if self.cut or len(text) > TEXT_LIMIT:
            text = TEXT_CUT + text[-TEXT_LIMIT:]
        return {"output_type": "stream", "name": self.name, "text": text}


def display_id_of(content):
    """The id by which a display can be updated, or None."""
    transient = content.get("transient")
    return transient.get("display_id") if isinstance(transient, dict) else None


@dataclass
class Shown:
    """An output that is not text of a stream."""

    content: dict
    size: int

    def output(self):
        return self.content

    @property
    def display_id(self):
        return display_id_of(self.content)


@dataclass
class Entry:
    """What is known of one execute request."""

    id: str
    cell: str | None
    code: str
    asked: float
    state: str = "waiting"
    count: int | None = None
    ended: float | None = None
    outputs: list = field(default_factory=list)
    size: int = 0  # of the outputs
    clear_next: bool = False  # clear the outputs when the next one comes
    cut: bool = False

    @property
    def key(self):
        return self.cell or self.code

    @property
    def refused(self):
        """Whether the cell could not be parsed."""
        return any(
            isinstance(output, Shown) and output.content.get("ename") == "SyntaxError"
            for output in self.outputs
        )

    def add(self, output):
        if self.clear_next:
            self.clear()
        self.cut = self.cut or self.size + output.size > CELL_LIMIT
        if not self.cut:
            self.outputs.append(output)
            self.size += output.size

    def print(self, name, text):
        last = self.outputs[-1] if self.outputs and not self.clear_next else None
        if not (isinstance(last, Stream) and last.name == name):
            self.add(last := Stream(name))
        before = last.size
        last.add(text)
        self.size += last.size - before

    def clear(self):
        self.outputs.clear()
        self.clear_next = self.cut = False
        self.size = 0

    def as_dict(self):
        outputs = [output.output() for output in self.outputs]
        if self.cut:
            outputs.append(
                {"output_type": "stream", "name": "stderr", "text": OUTPUTS_CUT}
            )
        return {
            **{name: getattr(self, name) for name in ("id", "cell", "code", "state")},
            **{"count": self.count, "outputs": outputs},
            **{"asked": self.asked, "ended": self.ended},
        }


class Journal:
    """Entries of the cells that were sent to a kernel."""

    def __init__(self):
        self._entries = {}  # id of the request -> entry, in the order of arrival

    def ask(self, request):
        """Notes an execute request when it arrives."""
        content = request.content
        if content.get("silent"):
            return
        cell = request.metadata.get("cellId")
        entry = Entry(request.id, cell, content["code"], time.time())
        for old in list(self._entries.values()):
            if old.ended and old.key == entry.key:
                del self._entries[old.id]
        self._entries[entry.id] = entry
        self._drop_oldest()

    def start(self, request_id):
        """Notes that a cell begins to run."""
        if entry := self._entries.get(request_id):
            entry.state = "running"

    def end(self, request_id, status):
        """Notes that a cell has ended: "ok", "error" or "aborted"."""
        if entry := self._entries.get(request_id):
            entry.state = status
            entry.ended = time.time()

    def note(self, message):
        """Notes a message of the outputs channel."""
        content = message.content
        if message.type == "update_display_data":
            self._update(content)
            return
        entry = self._entries.get(message.parent_id)
        if entry is None:
            return
        match message.type:
            case "execute_input":
                entry.count = content["execution_count"]
            case "stream":
                entry.print(content.get("name", "stdout"), str(content.get("text", "")))
            case "display_data" | "execute_result" | "error":
                shown = {"output_type": message.type, **content}
                entry.add(Shown(shown, len(message.frames[4])))
            case "clear_output" if content.get("wait"):
                entry.clear_next = True
            case "clear_output":
                entry.clear()

    def snapshot(self):
        """The entries, as JSON has them."""
        return [entry.as_dict() for entry in self._entries.values()]

    def codes(self):
        """The code of the cells that have begun, without those that cannot be parsed."""
        return [
            entry.code
            for entry in self._entries.values()
            if entry.state not in ("waiting", "aborted") and not entry.refused
        ]

    @property
    def busy(self):
        """Whether a cell runs or waits."""
        return any(entry.ended is None for entry in self._entries.values())

    def _update(self, content):
        display_id = display_id_of(content)
        if display_id is None:
            return
        for entry in self._entries.values():
            for output in entry.outputs:
                if isinstance(output, Shown) and output.display_id == display_id:
                    output.content.update(
                        data=content.get("data", {}), metadata=content.get("metadata", {})
                    )

    def _drop_oldest(self):
        ended = [entry for entry in self._entries.values() if entry.ended]
        total = sum(len(entry.code) + entry.size for entry in ended)
        while ended and (len(ended) > CELLS_LIMIT or total > TOTAL_LIMIT):
            oldest = ended.pop(0)
            total -= len(oldest.code) + oldest.size
            del self._entries[oldest.id]
