/** Composes pieces of any number, so that there is more to learn from. */

import { writeMidi } from "../../lib/midi/midi.ts";
import { composePiece, DraftError } from "./piece.ts";
import { fileName, planOf } from "./plan.ts";

/**
 * Drafts of a piece, at most. One piece in 150 would need more; plans that ask for
 * things that exclude each other take half of the time already.
 */
const MOST_DRAFTS = 100;

/** A composed MIDI file. */
export interface ComposedFile {
  /** Such as `0163-minor-4-4-f.mid`. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Composes the piece of a number, of the same distribution as the committed ones.
 * About one plan in fifty comes to nothing, for it asks for things that exclude each
 * other, or nearly so; it is given up for another.
 *
 * @param number From 1; those up to `PIECES` are the committed ones.
 * @returns The same bytes every time.
 */
export function composeFile(number: number): ComposedFile {
  for (let attempt = 0;; attempt++) {
    const plan = planOf(number, attempt);
    try {
      const bytes = writeMidi(composePiece(plan, MOST_DRAFTS));
      return { name: fileName(plan), bytes: new Uint8Array(bytes) };
    } catch (error) {
      if (!(error instanceof DraftError)) throw error;
    }
  }
}
