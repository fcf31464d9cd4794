import type { NoteSequence, TimeSignature } from "../music/music.ts";

export function firstQpm({ tempos }: NoteSequence): number {
  return tempos[0]?.ticks === 0 ? tempos[0].qpm : 120;
}
export function meterName({ numerator, denominator }: TimeSignature): string {
  return `${numerator}/${denominator}`;
}
