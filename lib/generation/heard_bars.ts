/** Bars of one section as a network is to hear them before another one. */

import type { RemiAlphabet } from "../tokens/remi/remi.ts";

/** Octaves by which a pitch may be moved, in order of preference, in semitones. */
const OCTAVES = [0, -12, 12];

/** What the bars are moved into. */
export interface HeardOptions {
  readonly alphabet: RemiAlphabet;
  /** By id: 1 where the new section may have a token. */
  readonly usable: Uint8Array;
  /** Semitones from the old tonic to the new one. */
  readonly semitones: number;
}

/**
 * Bars as they would be in another section: in its key, without the instruments
 * that it lacks, and without meter and tempo, which the section states itself. A
 * pitch that the vocabulary lacks there goes an octave up or down.
 *
 * @param bars Ids without `Bar`.
 * @returns Such bars, in the order of the grammar.
 */
export function barsInto(
  bars: readonly (readonly number[])[],
  options: HeardOptions,
): number[][] {
  return bars.map((bar) => barInto(bar, options));
}

function barInto(
  bar: readonly number[],
  { alphabet, usable, semitones }: HeardOptions,
): number[] {
  const { types, numbers } = alphabet;
  const made: number[] = [];
  /** The position that is written with the next note. */
  let position: number | undefined;
  /** The instrument of the next notes, and the last one written. */
  let instrument = -1, written = -1;
  let silent = true;
  /** The notes of one instrument at one position: what each is sorted by, its ids. */
  let voice: { pitch: number; ids: number[] }[] = [];
  const endVoice = () => {
    let last = -1;
    for (const { pitch, ids } of voice.sort((a, b) => a.pitch - b.pitch)) {
      // Of pitches that have become one, one is kept.
      if (pitch === last) continue;
      if (position !== undefined) made.push(position);
      if (instrument !== written) made.push(instrument);
      position = undefined;
      written = instrument;
      made.push(...ids);
      last = pitch;
    }
    voice = [];
  };
  for (const id of bar) {
    switch (types[id]) {
      case "TimeSignature":
      case "Tempo":
        break;
      case "Position":
        endVoice();
        position = id;
        break;
      case "Program":
      case "Kit":
        endVoice();
        instrument = id;
        silent = usable[id] === 0;
        break;
      case "Drum":
        if (!silent) voice.push({ pitch: numbers[id]!, ids: [id] });
        break;
      case "Pitch": {
        if (silent) break;
        const moved = movedPitch(id, semitones, alphabet);
        voice.push({ pitch: numbers[moved]!, ids: [moved] });
        break;
      }
      default:
        if (!silent) voice.at(-1)?.ids.push(id);
    }
  }
  endVoice();
  return made;
}

/** The token of a pitch some semitones higher, or of the same an octave away. */
function movedPitch(
  id: number,
  semitones: number,
  alphabet: RemiAlphabet,
): number {
  const pitch = alphabet.numbers[id]! + semitones;
  for (const octave of OCTAVES) {
    const moved = alphabet.find("Pitch", pitch + octave);
    if (moved !== undefined) return moved;
  }
  return id;
}
