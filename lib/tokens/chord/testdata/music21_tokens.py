"""The notes and chords that music21 finds in MIDI files, as ChordTokenizer must.

    python3 -m venv /tmp/music21
    /tmp/music21/bin/pip install music21==10.5.1
    /tmp/music21/bin/python lib/tokens/chord/testdata/music21_tokens.py FOLDER > tokens.json

prints a JSON object: for each .mid or .midi file in FOLDER and its subfolders its
path and the list of its tokens, or a string, the error that music21 raised. Hold
them against `new ChordTokenizer().encodeFile(bytes)` of the same files.

With --golden after FOLDER each entry is {"midi": the file in base64, "tokens": …},
which is what chord_golden.json has of a few starter pieces.
"""

import base64
import json
import sys
import warnings
from pathlib import Path

from music21 import chord, converter, instrument, note


def tokens(path):
    score = converter.parse(path, format="midi", forceSource=True)
    try:
        elements = instrument.partitionByInstrument(score).parts[0].recurse()
    except Exception:  # no parts
        elements = score.flatten().notes
    for element in elements:
        if isinstance(element, note.Note):
            yield str(element.pitch)
        elif isinstance(element, chord.Chord):
            yield ".".join(str(pitch_class) for pitch_class in element.normalOrder)


def tokens_or_error(path):
    try:
        return list(tokens(path))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def main(folder, golden=False):
    warnings.simplefilter("ignore")
    result = {}
    for path in sorted(Path(folder).rglob("*")):
        if path.suffix.lower() in (".mid", ".midi"):
            found = tokens_or_error(path)
            if golden:
                midi = base64.b64encode(path.read_bytes()).decode()
                found = {"midi": midi, "tokens": found}
            result[path.relative_to(folder).as_posix()] = found
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], golden="--golden" in sys.argv[2:])
