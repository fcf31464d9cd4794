"""Finds keys with music21, one for each line of seconds of sound by pitch class.

Reads a JSON array of such rows from standard input, and prints an array of [tonic, mode].
"""

import json
import sys

from music21 import note, stream


def find_key(seconds):
    """The key that music21 finds for notes of these lengths."""
    piece = stream.Stream()
    total = sum(seconds)
    for pitch_class, length in enumerate(seconds):
        if length > 0:
            # Whole thousandths, for durations are kept as fractions.
            quarters = max(1, round(1000 * length / total)) / 8
            piece.append(note.Note(60 + pitch_class, quarterLength=quarters))
    if total == 0:
        return None
    found = piece.analyze("key")
    return [found.tonic.pitchClass, found.mode]


print(json.dumps([find_key(row) for row in json.load(sys.stdin)]))
