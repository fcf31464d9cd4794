#!/usr/bin/env bash
# pretty_midi 0.2.11 loses a note that begins where two voices in unison end.
#
# Two voices of a channel hold the same pitch and let it go at one tick; one of
# them strikes it again at that tick. In the file: off, on, off (the order in
# which a merge of two tracks writes them). The first "off" ends both notes,
# as pretty_midi documents. The second finds only the new note, which began at
# that very tick, and takes it away without a word: of three notes, two are
# read. With off, off, on all three are.
#
# Why it matters: hymns, chorales and piano reductions put two voices on one
# channel, so the melody note after a unison is missing from the data, and what
# is learnt from it has a rest there. Nothing warns: the count of notes is all
# that tells. mido's events and symusic, read beside it, have the note.
#
# Expected: 3 notes whatever the order of events at a tick. Seen: 2.
# Exits 0 while it is as stated, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  pretty_midi==0.2.11.post0 symusic==0.6.0 mido==1.3.3 setuptools==80.9.0
"$folder/venv/bin/python" - "$folder/unison.mid" <<'PYTHON'
import sys
from importlib.metadata import version

import mido
import pretty_midi
import symusic

path = sys.argv[1]


def counts(middle):
    """Notes that pretty_midi and symusic read of a unison and a third note."""
    on = lambda time=0: mido.Message("note_on", note=60, velocity=80, time=time)
    off = lambda time=0: mido.Message("note_off", note=60, time=time)
    first, *others = middle
    track = mido.MidiTrack([
        on(), on(),
        {"on": on, "off": off}[first](480),
        *({"on": on, "off": off}[kind]() for kind in others),
        off(480),
    ])
    mido.MidiFile(ticks_per_beat=480, tracks=[track]).save(path)
    read = pretty_midi.PrettyMIDI(path)
    return (
        sum(len(one.notes) for one in read.instruments),
        sum(len(one.notes) for one in symusic.Score(path).tracks),
    )


for name in ("pretty_midi", "symusic", "mido"):
    print(name, version(name))
between = counts(["off", "on", "off"])
after = counts(["off", "off", "on"])
print("off, on, off at one tick: pretty_midi, symusic read", *between, "notes")
print("off, off, on at one tick: pretty_midi, symusic read", *after, "notes")
sys.exit((between, after) != ((2, 3), (3, 3)))
PYTHON
