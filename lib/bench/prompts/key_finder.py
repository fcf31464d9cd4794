"""Finds keys with music21, by several sets of profiles.

Reads a JSON array of rows from standard input, each the seconds of sound by pitch class,
and prints for each an array of [tonic, mode]: by Aarden and Essen, which is what music21
takes by default, by Krumhansl and Schmuckler, by Temperley, and by Bellman and Budge.
"""

import json
import sys

from music21 import note, stream

PROFILES = ["aarden", "krumhansl", "temperley", "bellman"]


def find_keys(seconds):
    """The keys that music21 finds for notes of these lengths."""
    piece = stream.Stream()
    total = sum(seconds)
    for pitch_class, length in enumerate(seconds):
        if length > 0:
            # Whole thousandths, for durations are kept as fractions.
            quarters = max(1, round(1000 * length / total)) / 8
            piece.append(note.Note(60 + pitch_class, quarterLength=quarters))
    if total == 0:
        return None
    keys = [piece.analyze(name) for name in PROFILES]
    return [[key.tonic.pitchClass, key.mode] for key in keys]


print(json.dumps([find_keys(row) for row in json.load(sys.stdin)]))
