"""Other readers and tokenizers of MIDI files, for `bench midi`. Reads one JSON
command a line, answers with one JSON value a line.

Commands: {"do": "read", "file": FILE} tells what each library reads, and facts
about the file that explain why two readers may differ; {"do": "time", "library":
NAME, "files": [...]} gives the seconds that a library takes for some files, by the
processor and by the clock; {"do": "run", "command": [...], "folder": FOLDER} those
of a command."""
import collections
import functools
import io
import json
import resource
import subprocess
import sys
import time
import warnings

import miditok
import miditoolkit
import mido
import music21
import numpy as np
import pretty_midi
import symusic

warnings.simplefilter("ignore")


def rows(columns):
    """Sorted rows of start, end, pitch, velocity, program and drum."""
    if not columns:
        return []
    table = np.concatenate(columns).astype(np.int64)
    return table[np.lexsort(table.T[::-1])].tolist()


def read_symusic(file):
    columns = []
    for track in symusic.Score(file).tracks:
        n = track.notes.numpy()
        start = n["time"].astype(np.int64)
        same = np.ones(len(start), np.int64)
        columns.append(np.stack([
            start, start + n["duration"], n["pitch"], n["velocity"],
            same * track.program, same * track.is_drum,
        ], axis=1))
    return rows(columns)


def read_pretty_midi(file):
    midi = pretty_midi.PrettyMIDI(file)
    return rows([
        np.array([[
            midi.time_to_tick(note.start), midi.time_to_tick(note.end),
            note.pitch, note.velocity, one.program, one.is_drum,
        ] for note in one.notes])
        for one in midi.instruments if one.notes
    ])


def count_mido(file):
    return sum(
        one.type == "note_on" and one.velocity > 0
        for track in mido.MidiFile(file).tracks for one in track
    )


def attempt(read, file):
    try:
        return {"value": read(file)}
    except Exception as error:  # any failure is what we want to know
        return {"error": f"{type(error).__name__}: {error}"[:200]}


def variable_length(data, at):
    value = 0
    while True:
        byte = data[at]
        at += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at


def track_events(data):
    """Status, data bytes and tick of each event as far as they can be read; -1
    where running status went on after a system exclusive event."""
    at = tick = status = 0
    after_exclusive = False
    try:
        while at < len(data):
            delta, at = variable_length(data, at)
            tick += delta
            first = data[at]
            if first in (0xFF, 0xF0, 0xF7):
                at += 2 if first == 0xFF else 1
                length, start = variable_length(data, at)
                kind = data[at - 1] if first == 0xFF else -1
                at = start + length
                yield first, (kind, *data[start:at]), tick
                after_exclusive |= first == 0xF0
                continue
            if first >= 0x80:
                status = first
                at += 1
            count = 1 if status >> 4 in (0xC, 0xD) else 2
            yield status, tuple(data[at:at + count]), tick
            if first < 0x80 and after_exclusive:
                yield -1, (), tick
            after_exclusive = False
            at += count
    except IndexError:
        return


def facts(file):
    """What the bytes of a file say of why readers may differ."""
    with open(file, "rb") as opened:
        data = opened.read()
    at = data.find(b"MThd")
    if at < 0:
        return {}
    form = int.from_bytes(data[at + 8:at + 10], "big")
    division = int.from_bytes(data[at + 12:at + 14], "big")
    lost, setup, ports, tracks, programs = set(), False, False, 0, set()
    interrupted = False
    at = data.find(b"MTrk", at)
    while at >= 0:
        size = int.from_bytes(data[at + 4:at + 8], "big")
        track, tracks = data[at + 8:at + 8 + size], tracks + 1
        waiting = collections.Counter()
        for status, values, _ in track_events(track):
            if status < 0:
                interrupted = True
                continue
            kind = status >> 4
            key = (status & 15, values[0] if values else -1)
            if kind == 0x9 and len(values) == 2 and values[1] > 0:
                waiting[key] += 1
            elif kind in (0x8, 0x9):
                waiting[key] -= waiting[key] > 0
            elif kind == 0xC:
                programs.add((tracks, *key))
            elif kind == 0xB and len(values) == 2:
                # Banks for drums, RPN 6 for MPE.
                setup |= values[0] == 0 and values[1] in (120, 126, 127)
                setup |= values == (100, 6)
            elif status == 0xF0:
                setup = True
            elif status == 0xFF:
                ports |= values[0] == 0x21 and values[1:] not in ((), (0,))
        lost |= {pitch for (_, pitch), n in waiting.items() if n > 0}
        at = data.find(b"MTrk", at + 8 + size)
    return {
        "format": form, "smpte": division >= 0x8000, "tracks": tracks,
        "unreleased": sorted(lost), "setup": setup, "ports": ports,
        "programs": len(programs) > 0, "interrupted": interrupted,
    }


def read(file):
    return {
        "symusic": attempt(read_symusic, file),
        "prettyMidi": attempt(read_pretty_midi, file),
        "mido": attempt(count_mido, file),
        "facts": attempt(facts, file).get("value", {}),
    }


@functools.cache
def content(file):
    with open(file, "rb") as opened:
        return opened.read()


# What each library is given of a file beforehand, and what it is timed to do.
REMI = miditok.REMI()
LIBRARIES = {
    "symusic": (content, symusic.Score.from_midi),
    "pretty_midi": (
        lambda file: io.BytesIO(content(file)), pretty_midi.PrettyMIDI),
    "miditoolkit": (
        lambda file: io.BytesIO(content(file)),
        lambda opened: miditoolkit.MidiFile(file=opened)),
    # It would keep what it read, and read that the second time.
    "music21": (str, lambda file: music21.converter.parse(
        file, format="midi", forceSource=True, storePickle=False)),
    # Tokens alone: symusic has read the files.
    "miditok": (lambda file: symusic.Score.from_midi(content(file)), REMI),
}


def seconds(work):
    clock, used = time.perf_counter(), time.process_time()
    work()
    return [time.process_time() - used, time.perf_counter() - clock]


def time_library(library, files):
    prepare, work = LIBRARIES[library]
    prepared = [prepare(file) for file in files]

    def all_files():
        for one in prepared:
            try:
                work(one)
            except Exception:  # it is refused as fast as it is
                pass
    return seconds(all_files)


def run(command, folder):
    def used():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime
    before, clock = used(), time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return [used() - before, time.perf_counter() - clock]


VERBS = {"read": read, "time": time_library, "run": run}
print(json.dumps({"ready": "readers"}), flush=True)
for line in sys.stdin:
    command = json.loads(line)
    print(json.dumps(VERBS[command.pop("do")](**command)), flush=True)
