/** What tests of this folder share. */

import { atOnce } from "../../base/base.ts";
import type { NoteSequence } from "../../music/music.ts";
import { type ChordStyle, pieceStyle, styleSteps } from "./style.ts";

/** How pieces are played; see {@linkcode styleSteps}. */
export function measureStyle(pieces: readonly NoteSequence[]): ChordStyle {
  return atOnce(styleSteps(pieces.map(pieceStyle)));
}
