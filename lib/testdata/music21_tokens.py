"""The notes and chords music21 finds in MIDI files: what ChordTokenizer must give.

    python3 -m venv .venv-music21
    .venv-music21/bin/pip install music21==10.5.1
    .venv-music21/bin/python lib/testdata/music21_tokens.py FOLDER > tokens.json

FOLDER is searched with its subfolders. The output is a JSON object: for each
.mid or .midi file its path below FOLDER and its list of tokens, or a string, the
error that music21 raised. It is made from the starter pieces for
chord_golden.json; compare it with ChordTokenizer.encodeFile of the same files.
"""

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


def main():
    warnings.simplefilter("ignore")
    folder = Path(sys.argv[1])
    result = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in (".mid", ".midi"):
            try:
                found = list(tokens(path))
            except Exception as error:
                found = f"{type(error).__name__}: {error}"
            result[path.relative_to(folder).as_posix()] = found
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
