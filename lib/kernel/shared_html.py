"""HTML that a notebook is exported to stands alone: its figures have alternative texts,
and it has the sound and the MIDI files that the notebook only links to.

JupyterLab and `jupyter nbconvert` of this project's `.venv` use it, by the configuration
that `lib/tools/setup.ts` writes.
"""

import base64
import html
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from nbconvert.preprocessors import Preprocessor

KINDS = {
    ".flac": "audio/flac",
    ".mid": "audio/midi",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
}
# Larger files stay links: browsers take long to open such pages.
MOST_BYTES = 12_000_000
# Players of any kind, and links to MIDI files, which are small.
EMBEDDED = re.compile(r'(?<=<audio )([^>]*?\bsrc=)"([^"]+)"|(<a href=)"([^"]+\.mid)"')


class SharedHtml(Preprocessor):
    """Makes the outputs of a notebook independent of files and of their place."""

    def preprocess_cell(self, cell, resources, index):
        # A page that is sanitised keeps images and links, but no HTML images or players.
        if cell.cell_type != "code" or self.parent.sanitize_html:
            return cell, resources
        folder = Path(resources.get("metadata", {}).get("path") or ".")
        for output in cell.outputs:
            data = output.get("data", {})
            if "image/svg+xml" in data and "text/plain" in data:
                data["text/html"] = image(data["image/svg+xml"], data["text/plain"])
            elif "text/html" in data:
                data["text/html"] = with_files(data["text/html"], folder)
        return cell, resources


def image(svg, alt):
    """An image with an alternative text, which nbconvert gives to none."""
    encoded = base64.b64encode(svg.encode()).decode()
    return f'<img alt="{html.escape(alt)}" src="data:image/svg+xml;base64,{encoded}">'


def with_files(text, folder):
    """HTML in which the files that it links to are embedded."""

    def embed(match):
        before, address = (match[1], match[2]) if match[2] else (match[3], match[4])
        return f'{before}"{data_address(address, folder) or address}"'

    return EMBEDDED.sub(embed, text)


def data_address(address, folder):
    """The content of a file as an address, None where it is none of ours."""
    parts = urlsplit(html.unescape(address))
    path = folder / unquote(parts.path)
    kind = KINDS.get(path.suffix.lower())
    if parts.scheme or parts.netloc or not kind or not path.is_file():
        return None
    if path.stat().st_size > MOST_BYTES:
        return None
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
