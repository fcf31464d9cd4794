"""HTML that a notebook is exported to stands alone: its figures have alternative texts,
and it has the sound and the MIDI files that the notebook only links to.

JupyterLab and `jupyter nbconvert` of this project's `.venv` use it, by the configuration
that `lib/tools/setup.ts` writes.
"""

import base64
import hashlib
import html
import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

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
PLAYER = re.compile(r'(<audio [^>]*?\bsrc=)"([^"]+)"([^>]*></audio>)')
# Links to MIDI files, which are small.
LINK = re.compile(r'(<a href=)"([^"]+\.mid)"')
# Links to sound, which is large, and which the player beside the link has.
SOUND_LINK = re.compile(r'<a href="[^":]+\.(?:flac|mp3|ogg|wav)"[^>]*>[^<]*</a>')


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

    def link(match):
        address, _ = embedded(match[2], folder)
        return f'{match[1]}"{address}"'

    def player(match):
        address, lack = embedded(match[2], folder)
        note = f"<br><small>{html.escape(lack)}</small>" if lack else ""
        return f'{match[1]}"{address}"{match[3]}{note}'

    text = SOUND_LINK.sub(r"\g<0> <small>(not part of this page)</small>", text)
    return LINK.sub(link, PLAYER.sub(player, text))


def embedded(address, folder):
    """The content of one of our files as an address.

    Returns the address as it was, and a sentence that says why, where the file cannot
    become part of the page.
    """
    parts = urlsplit(html.unescape(address))
    path = folder / unquote(parts.path)
    kind = KINDS.get(path.suffix.lower())
    if parts.scheme or parts.netloc or not kind:
        return address, ""
    if not path.is_file():
        return address, f"This page does not have the sound: {path.name} was not there."
    size = path.stat().st_size
    if size > MOST_BYTES:
        return address, (
            f"This page does not have the sound: {path.name} has {size / 1e6:.0f} MB. "
            "It plays where the file lies beside the page as it did beside the notebook."
        )
    content = path.read_bytes()
    # What the player was made for; a file of that name may hold another piece by now.
    version = parse_qs(parts.query).get("v", [""])[0]
    if version and not hashlib.sha256(content).hexdigest().startswith(version):
        return "", (
            f"This page does not have the sound: {path.name} has changed since. "
            "Run the cell again, and export the notebook again."
        )
    return f"data:{kind};base64,{base64.b64encode(content).decode()}", ""
