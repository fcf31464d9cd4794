/** The score of a piece of the starter corpus: its notes and voiced chords. */

import type { Chord } from "./harmony.ts";

/** The parts. */
export type Role = "keys" | "pad" | "bass" | "melody" | "drums";

/** A note as written, before it is performed. */
export interface ScoreNote {
  readonly role: Role;
  readonly pitch: number;
  /** In steps. */
  readonly start: number;
  /** In steps. */
  readonly length: number;
  /** Louder or softer than the piece, in velocity bins of 8. */
  readonly level: number;
}

/** A chord from its start on, as the accompaniment voices it. */
export interface VoicedSpan {
  readonly chord: Chord;
  readonly start: number;
  readonly steps: number;
  /** Voices of the keys, ascending. */
  readonly keys: readonly number[];
  /** Voices of the pad, ascending. */
  readonly pad: readonly number[];
  /** Lowest note of the keys where there is no bass, else the lowest voice. */
  readonly leftHand: number;
  /** Pitch of the bass. */
  readonly bass: number;
}

/** A bar and its chords. */
export interface Bar {
  readonly start: number;
  readonly steps: number;
  readonly spans: readonly VoicedSpan[];
}
