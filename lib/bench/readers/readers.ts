/**
 * Our reader of MIDI files beside symusic, pretty_midi and mido: what each
 * reads of the files of a folder, whether the notes are the same, and how fast.
 */

import { fromFileUrl, join, relative } from "@std/path";
import { MidiError, readMidi, type Repair } from "../../midi/midi.ts";
import type { NoteSequence } from "../../music/music.ts";
import { Peer } from "../peer.ts";
import { pythonWith } from "../python.ts";
import { spread } from "../statistics.ts";
import { Timer } from "../timer.ts";
import {
  explain,
  type FileFacts,
  type NoteRow,
  UNEXPLAINED,
} from "./differences.ts";

const MIDI_FILE = /\.(?:midi?|midi2|kar|rmi|smf)$/i;
/** Rounds in which the readers are timed in turn. */
const ROUNDS = 5;
/** Bytes of the files that they are timed on, at most. */
const TIMED_BYTES = 30_000_000;
/** Names of files that a list has at most. */
const LISTED = 200;

/** What a library has of a file: its notes or their number, or why it has none. */
interface Attempt<T> {
  readonly value?: T;
  readonly error?: string;
}

/** The answer of the peers about a file. */
interface PeerReading {
  readonly symusic: Attempt<readonly NoteRow[]>;
  readonly prettyMidi: Attempt<readonly NoteRow[]>;
  readonly mido: Attempt<number>;
  readonly facts: FileFacts;
}

/** What we make of a file. */
interface OwnReading {
  readonly rows?: readonly NoteRow[];
  readonly repairs: readonly Repair[];
  /** Why it is refused. */
  readonly reason?: string;
}

/** Where our notes are compared with those of a library. */
class Comparison {
  filesEqual = 0;
  readonly filesByReason = new Map<string, number>();
  readonly notesByReason = new Map<string, number>();
  readonly unexplained: string[] = [];

  add(file: string, reasons: ReadonlyMap<string, number>): void {
    if (reasons.size === 0) this.filesEqual++;
    for (const [reason, notes] of reasons) {
      add(this.filesByReason, reason);
      add(this.notesByReason, reason, notes);
    }
    if (reasons.has(UNEXPLAINED)) this.unexplained.push(file);
  }

  toJSON() {
    return {
      files_equal: this.filesEqual,
      files_by_reason: Object.fromEntries(this.filesByReason),
      notes_by_reason: Object.fromEntries(this.notesByReason),
      unexplained: this.unexplained.slice(0, LISTED),
    };
  }
}

function add(counts: Map<string, number>, key: string, n = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + n);
}

/** The MIDI files below a folder, in the order of their paths. */
async function midiFilesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) files.push(...await midiFilesIn(path));
    else if (isFile && MIDI_FILE.test(name)) files.push(path);
  }
  return files.sort();
}

function readOurs(bytes: Uint8Array): OwnReading {
  try {
    const { sequence, repairs } = readMidi(bytes);
    return { rows: rowsOf(sequence), repairs };
  } catch (error) {
    if (error instanceof MidiError) {
      return { repairs: [], reason: error.reason };
    }
    throw error;
  }
}

function rowsOf({ notes, parts }: NoteSequence): NoteRow[] {
  return notes.map(({ startTicks, endTicks, pitch, velocity, part }) => {
    const { program, isDrum } = parts[part]!;
    return [startTicks, endTicks, pitch, velocity, program, Number(isDrum)];
  });
}

/** What the comparison of a folder comes to. */
class Report {
  readonly read = { ours: 0, symusic: 0, prettyMidi: 0, mido: 0 };
  readonly repairs = new Map<string, number>();
  readonly refusals = new Map<string, number>();
  readonly refusedByUsAlone: string[] = [];
  readonly comparisons = {
    symusic: new Comparison(),
    prettyMidi: new Comparison(),
  };

  add(file: string, ours: OwnReading, peers: PeerReading | undefined): void {
    for (const { reason } of ours.repairs) add(this.repairs, reason);
    if (ours.rows?.length) this.read.ours++;
    if (ours.reason !== undefined) add(this.refusals, ours.reason);
    if (!peers) return;
    const { symusic, prettyMidi, mido } = peers;
    if (symusic.value?.length) this.read.symusic++;
    if (prettyMidi.value?.length) this.read.prettyMidi++;
    if (mido.value) this.read.mido++;
    if (!ours.rows?.length) {
      if (symusic.value?.length || mido.value) {
        this.refusedByUsAlone.push(
          `${file}: ${ours.reason ?? "no notes"}; symusic: ${
            symusic.error ?? `${symusic.value?.length} notes`
          }; mido: ${mido.error ?? `${mido.value} notes`}`,
        );
      }
      return;
    }
    const facts = { ...peers.facts, repaired: ours.repairs.length > 0 };
    for (const name of ["symusic", "prettyMidi"] as const) {
      const rows = peers[name].value;
      if (!rows?.length) continue;
      const endsAll = name === "prettyMidi";
      this.comparisons[name].add(
        file,
        explain(ours.rows, rows, { ...facts, endsAll }),
      );
    }
  }
}

/** The peers, or undefined and a sentence where they cannot be had. */
async function startPeers(
  progress: (text: string) => void,
): Promise<Peer | undefined> {
  try {
    const list = new URL("./requirements.txt", import.meta.url);
    const python = await pythonWith(list, ".venv-readers", progress);
    const script = fromFileUrl(new URL("./peers.py", import.meta.url));
    return await Peer.start("symusic", python, [script]);
  } catch (error) {
    progress(
      `our reader alone, for the others are missing: ${
        error instanceof Error ? error.message : error
      }`,
    );
    return undefined;
  }
}

/**
 * Milliseconds and megabytes a second of a pass over files in memory, ours and
 * symusic's in turn, on one thread each.
 */
async function timeReading(files: readonly string[], peer: Peer) {
  const contents = await Promise.all(files.map((file) => Deno.readFile(file)));
  const megabytes = contents.reduce((sum, { length }) => sum + length, 0) / 1e6;
  await peer.ask({ do: "load", files });
  const times = { ours: [] as number[], symusic: [] as number[] };
  for (let round = -1; round < ROUNDS; round++) {
    const timer = new Timer();
    for (const bytes of contents) readMidi(bytes);
    const ours = timer.milliseconds / 1000;
    const [symusic = NaN] = await peer.ask<number[]>({ do: "time" });
    if (round < 0) continue; // warm-up
    times.ours.push(ours);
    times.symusic.push(symusic);
  }
  const ours = spread(times.ours).median;
  const symusic = spread(times.symusic).median;
  return {
    megabytes,
    ours_mb_per_second: megabytes / ours,
    symusic_mb_per_second: megabytes / symusic,
    speed_vs_symusic: symusic / ours,
  };
}

/**
 * Compares the readers on the files of a folder.
 *
 * @param folder Its files are read, those of folders in it too.
 */
export async function benchReaders(
  folder: string,
  progress: (text: string) => void,
): Promise<Record<string, unknown>> {
  const files = await midiFilesIn(folder);
  await using peer = await startPeers(progress);
  const report = new Report();
  const timed: string[] = [];
  let timedBytes = 0;
  for (const [i, file] of files.entries()) {
    if (i % 100 === 0) progress(`file ${i} of ${files.length}`);
    const bytes = await Deno.readFile(file);
    const ours = readOurs(bytes);
    const peers = await peer?.ask<PeerReading>({ do: "read", file });
    report.add(relative(folder, file), ours, peers);
    if (
      ours.rows && peers?.symusic.value &&
      timedBytes + bytes.length <= TIMED_BYTES
    ) {
      timed.push(file);
      timedBytes += bytes.length;
    }
  }
  return {
    files: files.length,
    read_with_notes: report.read,
    repairs: Object.fromEntries(report.repairs),
    refusals: Object.fromEntries(report.refusals),
    refused_by_us_alone: report.refusedByUsAlone.length,
    refused_by_us_alone_files: report.refusedByUsAlone.slice(0, LISTED),
    notes_vs_symusic: report.comparisons.symusic,
    notes_vs_pretty_midi: report.comparisons.prettyMidi,
    ...peer && timed.length > 0 && await timeReading(timed, peer),
  };
}
