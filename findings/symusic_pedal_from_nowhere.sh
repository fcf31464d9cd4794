#!/usr/bin/env bash
# symusic 0.6.0 finds a sustain pedal that nobody pressed.
#
# A file whose only pedal event (controller 64) is "up" has no pedal. symusic
# says so on MIDI channel 1. On channels 2 to 16 it returns a pedal held from
# tick 0 to the first "up": the array that remembers when the pedal of each
# channel went down starts as {-1}, which in C++ sets the first of 16 numbers and
# leaves 0, "down since tick 0", in the other fifteen.
#
# Why it matters: players and sequencers send "pedal up" on every channel at the
# start of a song or of a section: of 634 files of public repositories in
# which symusic finds a pedal of some length, 154 have one that nobody pressed.
# Whoever makes notes longer by `track.pedals` smears everything before the first
# "up" on every channel but one, and a test on a piano file, channel 1, never
# shows it.
#
# Expected: no pedal on any channel. Seen: one of 480 ticks on channels 2 to 16.
# Exits 0 while it is as stated, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  symusic==0.6.0 mido==1.3.3
"$folder/venv/bin/python" - "$folder/pedal.mid" <<'PYTHON'
import sys
from importlib.metadata import version

import mido
import symusic

path = sys.argv[1]


def pedals(channel):
    """What symusic says of a note of 960 ticks, with "pedal up" halfway."""
    track = mido.MidiTrack([
        mido.Message("note_on", channel=channel, note=60, velocity=80),
        mido.Message("control_change", channel=channel, control=64, value=0, time=480),
        mido.Message("note_off", channel=channel, note=60, time=480),
    ])
    mido.MidiFile(ticks_per_beat=480, tracks=[track]).save(path)
    [read] = symusic.Score(path).tracks
    return [(pedal.time, pedal.duration) for pedal in read.pedals]


print("symusic", version("symusic"), "mido", version("mido"))
seen = [pedals(channel) for channel in range(16)]
for channel, found in enumerate(seen, start=1):
    print(f"channel {channel}: (tick, duration) of pedals: {found}")
sys.exit(seen != [[]] + [[(0, 480)]] * 15)
PYTHON
