"""Answers what a front end asks about code: completion (Tab) and inspection (Shift+Tab).

The answers come from Deno's language server, which knows the types and comments of
everything that a notebook imports. It is given the cells that have run, the cell with
the cursor and the other cells of the notebook as one module (cell_document.py). It
runs no code, so it answers before any cell has run, and while one runs.

The server starts at the first question, or before it where there is room, and ends
after IDLE_SECONDS without a question.
"""

import asyncio
import os
import re
from pathlib import Path

import psutil

from cell_document import IMPORT, module_of
from cell_errors import read_cells
from language_server import LanguageServer

PROJECT_FOLDER = Path(__file__).resolve().parents[2]
# Longest waits for an answer. The first one takes several seconds, as the server reads
# the modules that the cells import; others take 0.1 to 0.5 s. JupyterLab waits ten
# seconds for completions (setup.ts).
COMPLETION_SECONDS = 9.0
INSPECTION_SECONDS = 30.0
IDLE_SECONDS = 600.0
# The server takes 0.6 to 0.8 GB. It is started before it is needed only where there is
# this much memory, in bytes, and when no cell has run for this time.
ROOM = 4 * 1024**3
QUIET_SECONDS = 3.0

# Replies where nothing is known.
NOTHING = {
    "complete_request": {
        "status": "ok",
        "matches": [],
        "cursor_start": 0,
        "cursor_end": 0,
        "metadata": {},
    },
    "inspect_request": {"status": "ok", "found": False, "data": {}, "metadata": {}},
}

WORD = re.compile(r"[\w$]*\Z")
# Sort texts from this one on are those of globals and keywords.
GLOBALS = "15"
# Kinds of completion items to words that front ends know.
KINDS = {
    **dict.fromkeys([2, 3, 4], "function"),
    **dict.fromkeys([5, 10], "property"),
    **dict.fromkeys([7, 8, 13, 22, 25], "class"),
    **dict.fromkeys([9, 17, 19], "module"),
    14: "keyword",
}


class Language:
    """What is known about the code of one notebook."""

    def __init__(self, deno, journal):
        self._deno = deno
        self._journal = journal
        self._server = None
        self._asking = asyncio.Lock()
        self._tasks = set()
        self._timer = None  # to end the idle server

    async def answer(self, request_type, content):
        """Content of the reply to a question, or None if the server has none in time.

        request_type: "complete_request" or "inspect_request".
        content: Content of the request.
        """
        completes = request_type == "complete_request"
        answer = self._complete if completes else self._inspect
        task = asyncio.ensure_future(answer(content["code"], content["cursor_pos"]))
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        limit = COMPLETION_SECONDS if completes else INSPECTION_SECONDS
        await asyncio.wait([task], timeout=limit)
        # A late answer is lost, but the server is ready for the next question then.
        return None if not task.done() or task.exception() else task.result()

    def _forget(self, task):
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # Nobody may have waited for it.

    async def start_early(self):
        """Starts the server before the first question, if a person is there to ask it."""
        # Jupyter's server sets this variable; headless runs do not.
        if "JPY_SESSION_NAME" not in os.environ:
            return
        quiet = 0
        while quiet < QUIET_SECONDS:
            await asyncio.sleep(1)
            imports = any(IMPORT.search(code) for code in self._journal.codes())
            quiet = quiet + 1 if imports and not self._journal.busy else 0
        if self._server is None and psutil.virtual_memory().available > ROOM:
            await self._inspect("", 0)

    def close(self):
        if self._timer:
            self._timer.cancel()
        if self._server:
            self._server.close()
            self._server = None

    async def _complete(self, code, cursor):
        place = self._place(code, cursor)
        found = await self._ask(place, "completion")
        items = found["items"] if isinstance(found, dict) else found or []
        word = WORD.search(code[:cursor])[0]
        matches = []  # of sort text, text, length of what it replaces, and kind
        for item in items:
            text, replaced = insertion(item, place, word)
            part = code[cursor - len(replaced) : cursor]
            order = item.get("sortText", "")
            if text.startswith(part) and (part or order < GLOBALS):
                kind = KINDS.get(item.get("kind"), "instance")
                matches.append((order, text, len(replaced), kind))
        # One reply has one place. Items with another one, such as `["two words"]`
        # in place of a dot, are rare.
        matches = [match for match in matches if match[2] == matches[0][2]]
        matches.sort(key=lambda match: (match[0], match[1].lower()))
        start = cursor - matches[0][2] if matches else cursor
        return {
            "status": "ok",
            "matches": [text for _, text, _, _ in matches],
            "cursor_start": start,
            "cursor_end": cursor,
            "metadata": {
                "_jupyter_types_experimental": [
                    {"text": text, "type": kind, "start": start, "end": cursor}
                    for _, text, _, kind in matches
                ]
            },
        }

    async def _inspect(self, code, cursor):
        place = self._place(code, cursor)
        markdown = hover_text(await self._ask(place, "hover"))
        if not markdown:
            markdown = signature_text(await self._ask(place, "signatureHelp"))
        if not markdown:
            return NOTHING["inspect_request"]
        data = {"text/markdown": markdown, "text/plain": plain(markdown)}
        return {"status": "ok", "found": True, "data": data, "metadata": {}}

    def _place(self, code, cursor):
        ran = self._journal.codes()
        # Jupyter's server says which notebook this is. It is read as last saved.
        name = os.environ.get("JPY_SESSION_NAME")
        cells = read_cells(Path(name)) if name else []
        unrun = [code for kind, code in cells if kind == "code" and code not in ran]
        return module_of(ran, code, cursor, unrun)

    async def _ask(self, place, what):
        # A question belongs to the text before it.
        async with self._asking:
            if self._timer:
                self._timer.cancel()
            if not (self._server and self._server.running):
                self._server = await self._start()
            answer = await self._server.ask_about(
                place.text, place.line, place.character, what
            )
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(IDLE_SECONDS, self.close)
        return answer

    async def _start(self):
        here = Path.cwd()
        folder = PROJECT_FOLDER if here.is_relative_to(PROJECT_FOLDER) else here
        return await LanguageServer.start(
            self._deno, folder, here / f"immersic-{os.getpid()}.ts"
        )


def insertion(item, place, word):
    """The text that a completion item inserts, and the text that it replaces."""
    if edit := item.get("textEdit"):
        start = (edit.get("range") or edit["replace"])["start"]["character"]
        text, replaced = edit["newText"], place.before(start)
    else:
        text, replaced = item.get("insertText") or item["label"], word
    # After something that may be undefined, "?.name" would replace ".name".
    if text.startswith("?.") and replaced.startswith("."):
        return text[2:], replaced[1:]
    return text, replaced


def hover_text(hover):
    """What the name at the cursor is, with its comment."""
    text = tidy(hover["contents"]["value"]) if hover else ""
    # So an unknown name is told.
    return "" if text == "```ts\nany\n```" else text


def signature_text(help):
    """The signature of the call around the cursor, and its comment."""
    if not help or not help["signatures"]:
        return ""
    signature = help["signatures"][help.get("activeSignature") or 0]
    parts = [f"```ts\n{signature['label']}\n```", comment(signature)]
    for parameter in signature.get("parameters", []):
        if text := comment(parameter):
            name = re.split(r"[?:]", parameter["label"])[0]
            parts.append(f"*@param* `{name}` — {text}")
    return tidy("\n\n".join(parts))


def comment(thing):
    documentation = thing.get("documentation") or ""
    if isinstance(documentation, dict):
        documentation = documentation["value"]
    return documentation.strip()


def tidy(markdown):
    """The server's Markdown without what only an editor understands."""
    markdown = re.sub(r"^```tsx\n(?:\(alias\) )?", "```ts\n", markdown)
    markdown = re.sub(r"^(\*@\w+\*) — \{([^}\n]+)\}", r"\1 `\2` —", markdown, flags=re.M)
    # Links to places in files.
    markdown = re.sub(r"\[([^\]\n]+)\]\((?!https?:)[^)\n]*\)", r"\1", markdown)
    return re.sub(r"\n{3,}", "\n\n", markdown).strip()


def plain(markdown):
    """Markdown for a reader of plain text."""
    text = re.sub(r"^```.*\n?", "", markdown, flags=re.MULTILINE)
    text = re.sub(r"\*(@\w+)\*", r"\1", text)
    return re.sub(r"`([^`\n]+)`", r"\1", text).strip()
