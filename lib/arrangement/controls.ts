/** Controllers of an arranged piece: volume, pan and expression of each part. */

import type { ControlChange, NoteSequence } from "../music/music.ts";
import { type PartRole, roleOf } from "./parts.ts";

const VOLUME = 7, PAN = 10;
/** The controller of fades. */
export const EXPRESSION = 11;

/**
 * Volume and pan of each role, 0–127; a pan of 64 is the middle. The loudest have
 * all the volume there is, so that velocities say how loud a piece is.
 */
const MIX: Readonly<Record<PartRole, readonly [volume: number, pan: number]>> =
  {
    Keys: [127, 58],
    Pad: [112, 70],
    Bass: [127, 64],
    Melody: [127, 72],
    Drums: [112, 64],
  };

/** Expression where nothing fades. */
export const FULL = 127;

/** Volume, pan and expression of each part, at the beginning. */
export function mix({ parts }: NoteSequence): ControlChange[] {
  return parts.flatMap((part, i) => {
    const [volume, pan] = MIX[roleOf(part)];
    return [
      { ticks: 0, part: i, controller: VOLUME, value: volume },
      { ticks: 0, part: i, controller: PAN, value: pan },
      { ticks: 0, part: i, controller: EXPRESSION, value: FULL },
    ];
  });
}
