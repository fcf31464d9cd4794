"""Explains failed cells where the kernel's own message is missing or too short."""

import asyncio
import json
import os
import re
from pathlib import Path

# Folder of the modules that notebooks import.
FOLDER = Path(__file__).parent.parent
LIBRARY = FOLDER.as_uri() + "/"
# Frames of the kernel itself, and of the code that bootstrap.ts adds to cells.
INNER_FRAME = re.compile(r"^    at .*(\bext:|\b__s\b)")
NOT_DEFINED = re.compile(r"([\w$]+) is not defined")


def error_content(name, value):
    """Content of an error message without a traceback."""
    return {"ename": name, "evalue": value, "traceback": [f"{name}: {value}"]}


async def explain_failure(deno, code, error, stopped):
    """Explains a failed cell, or returns None if the kernel's message is enough.

    code: The cell, as the user wrote it.
    error: Content of the kernel's error message. The kernel sends none for a cell that
        it refused or ended by force.
    stopped: Whether the user pressed Stop.
    """
    if stopped and (error is None or error["ename"] == "Interrupted"):
        return error_content("Interrupted", "The cell was stopped.")
    if error is None:
        return await explain_refusal(deno, code)
    return explain_missing(error, code) or shorten(error)


def shorten(error):
    """Leaves out lines of a trace that say nothing to the user.

    What a module of this project refuses in a sentence needs no trace at all. Returns
    None if there is nothing to leave out.
    """
    trace = error["traceback"]
    frames = [line for line in trace if line.startswith("    at ")]
    if error["evalue"].startswith("Cannot ") and frames and LIBRARY in frames[0]:
        return {**error, "traceback": [error["evalue"]]}
    shown = [line for line in trace if not INNER_FRAME.match(line)]
    return {**error, "traceback": shown} if len(shown) < len(trace) else None


async def explain_refusal(deno, code):
    """Finds out why the kernel refused a cell, which it does not report."""
    parser = await asyncio.create_subprocess_exec(
        *(deno, "fmt", "--no-config", "--ext", "ts", "-"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, words = await parser.communicate(code.encode())
    if parser.returncode == 0:
        return error_content("Error", "The kernel could not run this cell.")
    text = re.sub(r"\x1b\[[0-9;]*m|^error: (SyntaxError: )?", "", words.decode())
    place = re.search(r"\S*stdin\S*?:(\d+):(\d+)", text)
    if not place:
        return error_content("SyntaxError", text.strip())
    text = text.replace(place[0], f"line {place[1]}, column {place[2]}")
    return error_content("SyntaxError", text.split("\n\nStack")[0].strip())


def explain_missing(error, code):
    """Names the cell to run first if a cell uses a name that is not yet defined.

    error: Content of the kernel's error message.
    code: The failed cell, from a notebook in the working folder.

    Says what to import if no cell does and a module of this project has the name.
    Returns None if the error is a different one or nothing has the name.
    """
    missing = NOT_DEFINED.fullmatch(error["evalue"])
    if error["ename"] != "ReferenceError" or not missing:
        return None
    name = missing[1]
    # JupyterLab says which notebook is open. Otherwise search those with this cell.
    opened = os.environ.get("JPY_SESSION_NAME")
    for path in sorted(Path.cwd().glob("*.ipynb"), key=lambda path: str(path) != opened):
        cells = read_cells(path)
        sources = [source for kind, source in cells if kind == "code"]
        if str(path) != opened and code not in sources:
            continue
        for number, source in enumerate(sources, 1):
            if source != code and defines(source, name):
                place = f"code cell {number}{under(heading(cells, source))}"
                advice = f"Run {place} first, or all cells above this one."
                return error_content("ReferenceError", f"{error['evalue']}. {advice}")
    module = module_with(name)
    if not module:
        return None
    advice = f'Import it: import {{ {name} }} from "{module}";'
    return error_content("ReferenceError", f"{error['evalue']}. {advice}")


def module_with(name):
    """The module of this project that has a name to import, or None."""
    faces = [face for face in FOLDER.glob("*/*.ts") if face.stem == face.parent.name]
    for face in sorted(faces, key=lambda face: (face.stem != "notebook", face.stem)):
        for block in re.findall(r"^export \{([^}]*)\}", face.read_text("utf-8"), re.M):
            if name in re.split(r",\s*", block.strip()):
                return f"immersic/{face.stem}/{face.name}"
    return None


def read_cells(path):
    """Pairs of kind and source of each cell; none if the file is not a notebook."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def defines(source, name):
    """Whether a cell declares a name at its top level or imports it."""
    word = rf"(?<![\w$.]){re.escape(name)}(?![\w$])"
    declared = rf"^(?:async )?(?:const|let|var|function\*?|class) {word}"
    # const { a, b: name } = …, and import { a as name } from "…"
    unpacked = rf"^(?:const|let|var|import)\b[^;=]*?{word}[^;=]*?(?:=|\bfrom\b)"
    return re.search(f"{declared}|{unpacked}", source, re.MULTILINE) is not None


def heading(cells, source):
    """The last heading before a code cell, or None."""
    found = None
    for kind, text in cells:
        if kind == "code" and text == source:
            return found
        if kind == "markdown":
            found = (re.findall(r"^#+ +(.+?)\s*$", text, re.MULTILINE) or [found])[-1]
    return found


def under(title):
    """A heading in brackets, or nothing if there is none."""
    return f" (“{title}”)" if title else ""
