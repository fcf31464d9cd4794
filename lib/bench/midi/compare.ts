/**
 * Our reader of MIDI files beside symusic, pretty_midi and mido: what each
 * reads of the files of a folder, and whether the notes are the same.
 */

import { relative } from "@std/path";
import { MidiError, readMidi, type Repair } from "../../midi/midi.ts";
import type { NoteSequence } from "../../music/music.ts";
import type { Peer } from "../peer.ts";
import type { Collection } from "./collections.ts";
import {
  explain,
  type FileFacts,
  type NoteRow,
  UNEXPLAINED,
} from "./differences.ts";

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

  add(file: string, ours: OwnReading, peers: PeerReading): void {
    for (const { reason } of ours.repairs) add(this.repairs, reason);
    if (ours.rows?.length) this.read.ours++;
    if (ours.reason !== undefined) add(this.refusals, ours.reason);
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

/**
 * Compares the notes that readers have of files.
 *
 * @param folder That the files are below.
 * @param files Their paths.
 */
export async function compareNotes(
  { folder, files }: Collection,
  peer: Peer,
  progress: (text: string) => void,
): Promise<Record<string, unknown>> {
  const report = new Report();
  for (const [i, file] of files.entries()) {
    if (i % 100 === 0) progress(`notes of file ${i} of ${files.length}`);
    const ours = readOurs(await Deno.readFile(file));
    const peers = await peer.ask<PeerReading>({ do: "read", file });
    report.add(relative(folder, file), ours, peers);
  }
  return {
    read_with_notes: report.read,
    repairs: Object.fromEntries(report.repairs),
    refusals: Object.fromEntries(report.refusals),
    refused_by_us_alone: report.refusedByUsAlone.length,
    refused_by_us_alone_files: report.refusedByUsAlone.slice(0, LISTED),
    notes_vs_symusic: report.comparisons.symusic,
    notes_vs_pretty_midi: report.comparisons.prettyMidi,
  };
}
