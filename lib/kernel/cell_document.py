"""Turns the cells of a notebook into one TypeScript module for a language server."""

import re
from dataclasses import dataclass

# An import statement at the start of a line.
IMPORT = re.compile(
    r"""^import\b(?!\s*[.(])[^"';]*("[^"\n]*"|'[^'\n]*')[^\n;]*;?""", re.MULTILINE
)
# The same up to within the name of the module.
OPEN_IMPORT = re.compile(
    r"""^import\b(?!\s*[.(])[^"';]*(?P<quote>["'])[^"'\n]*\Z""", re.MULTILINE
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


def module_of(ran, code, cursor, unrun=()):
    """The module that cells would be, and where the cursor is in it.

    ran: The code of the cells that have run, in order.
    code: The cell with the cursor.
    cursor: Its offset in code points.
    unrun: The code of other cells.

    Each cell that ran is a block in the block of the one before, as a cell may declare
    a name anew, and a name of its own may be that of a global. The other cells come
    last, as they may end within a comment, and declare their names around all blocks.
    All imports come first, the newest before the others: of two with one name the
    first counts.
    """
    code = code.translate(ODD_LINE_ENDS)
    unclosed = OPEN_IMPORT.search(code[:cursor])
    if unclosed and not code[cursor:].partition("\n")[0].strip():
        code = code[:cursor] + unclosed["quote"] + code[cursor:]
    spans = [found.span() for found in IMPORT.finditer(code)]
    imports, bodies = parted(ran)
    other_imports, other_bodies = parted(unrun)
    imports = [code[start:end] for start, end in spans] + imports[::-1] + other_imports
    within = next((span for span in spans if span[0] < cursor <= span[1]), None)
    if within:
        # The import with the cursor is the first of all.
        imports.insert(0, imports.pop(spans.index(within)))
        offset = cursor - within[0]
    head = "".join(f"{text}\n" for text in imports)
    head += "".join(f"{{{body}\n;" for body in bodies) + "{"
    if not within:
        offset = len(head) + len(IMPORT.sub("", code[:cursor]))
    tail = "\n" + "}" * (len(bodies) + 1) + "".join(f"\n;{body}" for body in other_bodies)
    return Place(f"{head}{IMPORT.sub('', code)}{tail}\n", offset)


def parted(cells):
    """The import statements of cells, and the rest of each cell."""
    cells = [cell.translate(ODD_LINE_ENDS) for cell in cells]
    imports = [found[0] for cell in cells for found in IMPORT.finditer(cell)]
    return imports, [IMPORT.sub("", cell) for cell in cells]
