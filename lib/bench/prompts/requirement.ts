/** Prompts, and what a careful reader would write down that each asks for. */

/** Where a requirement holds: a part of the piece, seconds, or bars from 1. */
export type Window =
  | "start"
  | "middle"
  | "end"
  | readonly [from: number, to: number]
  | { readonly bars: readonly [first: number, last: number] };

/** Both included. */
export type Interval = readonly [low: number, high: number];

/** A key as it is asked; what is left out may be anything. */
export interface AskedKey {
  /** Such as "Eb". */
  readonly tonic?: string;
  /** Such as "minor" or "major pentatonic". */
  readonly mode?: string;
}

/** A time of an entry or a change: one of these. */
export interface AskedTime {
  readonly at?: "start" | "middle" | "end" | "whole";
  readonly atSeconds?: number;
  /** From 1. */
  readonly atBar?: number;
}

/** What moves or stays. */
export type Quantity =
  | "density"
  | "loudness"
  | "tempo"
  | "register"
  | "parts"
  | "key"
  | "meter";

/** The fields of each kind of requirement. */
export interface Kinds {
  tempo: { qpm: Interval; orQpm?: Interval };
  key: AskedKey & {
    any?: readonly AskedKey[];
    not?: readonly AskedKey[];
  };
  "mode-not": { mode: string };
  meter: { value?: string; any?: readonly string[]; not?: string };
  seconds: { from: number; to: number };
  bars: { count: number };
  plays: { any: readonly string[] };
  silent: { family: string };
  only: { families: readonly string[] };
  program: { any: readonly number[] };
  /** Lines, of all that sounds or of a family. */
  parts: { count: Interval; family?: string };
  drums: { play: boolean };
  "drum-sound": { play: boolean; sound: string };
  beat: { value: "four-on-the-floor" | "backbeat" | "half-time" };
  fills: { everyBars: number };
  loudness: { value?: string; not?: string };
  density: { value?: string; not?: string };
  rate: { notesPerSecond: Interval };
  register: { value?: string; not?: string; family?: string };
  range: { low: string; high: string; family?: string };
  chords: { progression?: readonly string[]; count?: number };
  harmony: { value: "sevenths" };
  "in-scale": Record<never, never>;
  loop: Record<never, never>;
  change: AskedTime & {
    of: Quantity;
    direction: "up" | "down" | "alternate";
    to?: string;
    semitones?: number;
    every?: string;
  };
  steady: { of: Quantity };
  enters: AskedTime & { family: string };
  leaves: AskedTime & { family: string };
  /** `within` is how far the hit may be off, in seconds. */
  hit: { atSeconds: number; within?: number };
  silence: { atSeconds: number; forSeconds?: number };
  cycle: { of: "register" | "loudness" | "hit"; seconds?: number };
  ends: {
    how:
      | "soft"
      | "fade"
      | "abrupt"
      | "clean"
      | "tonic"
      | "major tonic"
      | "open";
  };
  starts: { on: string };
  swing: { play?: boolean };
  monophonic: { family?: string };
  leads: { family: string };
  walking: { family: string };
  arpeggio: { family: string };
  drone: { tonic?: string };
  notes: { length: "long" | "short"; family?: string };
  shortest: { note: string };
  leaps: { most: number };
  steps: { size: number };
  form: { sections: readonly string[] };
  told: { topic: ToldTopic; what: string };
}

/** What an answer in words is about. */
export type ToldTopic =
  | "not-possible"
  | "name-not-known"
  | "choice"
  | "contradiction";

/** Name of a kind of requirement. */
export type Kind = keyof Kinds;

/** A requirement of some kind. */
export type RequirementOf<K extends Kind> = Readonly<Kinds[K]> & {
  readonly is: K;
  /** Custom or scene ask for it, and no word. */
  readonly implied?: boolean;
  /** @default the whole piece */
  readonly in?: Window;
};

/** A thing that a prompt asks for. */
export type Requirement = { [K in Kind]: RequirementOf<K> }[Kind];

/** A prompt, and what it asks for. */
export interface PromptCase {
  readonly prompt: string;
  readonly require: readonly Requirement[];
}

/**
 * Prompts read from JSON.
 *
 * @param text An array of prompts with their requirements.
 * @param file For the message.
 * @param kinds The known kinds of requirement.
 * @throws {RangeError} If it is none, or a kind is unknown.
 */
export function readCases(
  text: string,
  file: string,
  kinds: readonly string[],
): PromptCase[] {
  const refuse = (reason: string): never => {
    throw new RangeError(
      `Cannot read the prompts of ${file}: ${reason}. It must be a JSON array of {"prompt": "...", "require": [{"is": "tempo", "qpm": [98, 102]}, ...]}.`,
    );
  };
  let cases: unknown;
  try {
    cases = JSON.parse(text);
  } catch {
    return refuse("it is not JSON");
  }
  if (!Array.isArray(cases)) return refuse("it is not an array");
  for (const [i, one] of cases.entries()) {
    const { prompt, require } = (one ?? {}) as Partial<PromptCase>;
    if (typeof prompt !== "string" || !Array.isArray(require)) {
      refuse(`entry ${i} lacks its prompt or its requirements`);
      continue;
    }
    const unknown = require.find(({ is }) => !kinds.includes(is));
    if (unknown) {
      refuse(
        `entry ${i} has the unknown kind "${unknown.is}"; the kinds are ${
          kinds.join(", ")
        }`,
      );
    }
  }
  return cases as PromptCase[];
}
