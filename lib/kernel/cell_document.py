"""Turns the cells of a notebook into one TypeScript module for a language server."""

import re
from dataclasses import dataclass

# An import statement at the start of a line.
IMPORT = re.compile(
    r"""^import\b(?!\s*[.(])[^"';]*("[^"\n]*"|'[^'\n]*')[^\n;]*;?""", re.MULTILINE
)
# Ends of lines for TypeScript, but not for the language server's count of lines.
ODD_LINE_ENDS = str.maketrans("\r\u2028\u2029", "   ")


@dataclass
class Place:
    """A place in the text of a module."""

    text: str
    offset: int  # in code points

    @property
    def line(self):
        return self.text.count("\n", 0, self.offset)

    @property
    def character(self):
        """Offset in the line, in units of UTF-16."""
        return utf16_length(self.text[self._line_start : self.offset])

    def before(self, character):
        """The text of the line between an offset in units of UTF-16 and this place."""
        offset = self._line_start
        while offset < self.offset and character > 0:
            character -= utf16_length(self.text[offset])
            offset += 1
        return self.text[offset : self.offset]

    @property
    def _line_start(self):
        return self.text.rfind("\n", 0, self.offset) + 1


def utf16_length(text):
    return len(text.encode("utf-16-le")) // 2


def module_of(cells, code, cursor):
    """The module that cells would be, and where the cursor is in it.

    cells: The code of the cells that ran before, in order.
    code: The cell with the cursor.
    cursor: Its offset in code points.

    Each cell is a block in the block of the one before, as a cell may declare a name
    anew, and a name of its own may be that of a global. All imports come before them,
    the newest first: of two with one name the first counts.
    """
    code = code.translate(ODD_LINE_ENDS)
    imports = []
    blocks = []
    for cell in cells:
        cell = cell.translate(ODD_LINE_ENDS)
        imports[:0] = [found[0] for found in IMPORT.finditer(cell)]
        blocks.append(IMPORT.sub("", cell))
    opening = "".join(f"{{{block}\n;" for block in blocks) + "{"
    closing = "\n" + "}" * (len(blocks) + 1) + "\n"

    spans = [found.span() for found in IMPORT.finditer(code)]
    own = [code[start:end] for start, end in spans]
    within = next((s for s in spans if s[0] < cursor <= s[1]), None)
    rest = IMPORT.sub("", code)
    if within:
        start, end = within
        first = code[start:end]
        others = [text for text in own if text is not first]
        head = "\n".join([first, *others, *imports, ""])
        return Place(head + opening + rest + closing, cursor - start)
    head = "\n".join([*own, *imports, ""]) + opening
    moved = cursor - sum(end - start for start, end in spans if end < cursor)
    return Place(head + rest + closing, len(head) + moved)
