/** The new bars of a continuation, and which parts of the passage play them. */

import type { Passage } from "../generation/generation.ts";
import {
  type Note,
  type NoteSequence,
  type Part,
  type PieceSpec,
  sliceSequence,
  ticksPerBar,
} from "../music/music.ts";
import { FIRST_KIT } from "../tokens/remi/remi.ts";

/**
 * Two instruments for which one of the model stood share its notes where their
 * mean pitches are so many semitones apart.
 */
const VOICES_APART = 7;

/** New bars, and where their parts go. */
export interface NewBars {
  /** The bars, beginning at tick 0, with the programs that sound. */
  readonly music: NoteSequence;
  /** By part: the passage's part that it goes on, undefined for a new one. */
  readonly goesOn: readonly (number | undefined)[];
}

/** What is known of a piece when its new bars are taken out. */
export interface NewBarsOptions {
  /** How many bars the model read, in its meter. */
  readonly heardBars: number;
  /** How many new bars there are to be, in the passage's meter. */
  readonly bars: number;
  readonly spec: PieceSpec;
  /** What the user asked. */
  readonly asked: PieceSpec;
}

/** A part of the new bars. */
interface Voice {
  readonly part: Part;
  readonly goesOn: number | undefined;
}

/**
 * Takes the new bars out of what a model made, and gives them to the parts of the
 * passage: notes of a program to the part for which it stood, or to several by
 * their registers, and drums to the passage's own.
 *
 * @param made Decoded, the heard bars first; its ticks are steps.
 */
export function newBarsOf(
  passage: Passage,
  made: NoteSequence,
  options: NewBarsOptions,
): NewBars {
  const { heard, meter } = passage;
  const { meanPitches } = heard.instruments;
  const { ticksPerQuarter } = made;
  const heardSteps = options.heardBars * heard.barSteps;
  const length = Math.round(options.bars * ticksPerBar(meter, ticksPerQuarter));
  const fresh = sliceSequence(made, heardSteps, heardSteps + length);
  const voices: Voice[] = [];
  /** By part of the new bars: the indexes of its voices. */
  const voicesOf = fresh.parts.map((part) => {
    const own = part.isDrum
      ? [drumVoice(passage, part)]
      : pitchedVoices(passage, part, options);
    return own.map((voice) => voices.push(voice) - 1);
  });
  const place = (note: Note): Note => {
    const own = voicesOf[note.part]!;
    const apart = (voice: number) =>
      Math.abs(meanPitches[voices[voice]!.goesOn ?? -1]! - note.pitch);
    const part = own.length === 1
      ? own[0]!
      : own.reduce((a, b) => apart(b) < apart(a) ? b : a);
    const { goesOn, part: { isDrum } } = voices[part]!;
    const pitch = isDrum && goesOn !== undefined
      ? heard.instruments.soundingDrum(note.pitch)
      : note.pitch;
    return { ...note, part, pitch };
  };
  return {
    goesOn: voices.map(({ goesOn }) => goesOn),
    music: {
      ...fresh,
      parts: voices.map(({ part }) => part),
      notes: fresh.notes.map(place),
      controls: fresh.controls.flatMap((change) =>
        voicesOf[change.part]!.map((part) => ({ ...change, part }))
      ),
    },
  };
}

function drumVoice({ heard }: Passage, part: Part): Voice {
  const own = heard.instruments.partsOf.get(FIRST_KIT + part.program);
  return { part, goesOn: own?.[0] };
}

/** The instruments that play the notes of a program. */
function pitchedVoices(
  { heard, music: { parts } }: Passage,
  part: Part,
  { spec, asked }: NewBarsOptions,
): Voice[] {
  const { partsOf, meanPitches } = heard.instruments;
  const stoodFor = partsOf.get(part.program) ?? [];
  const voice = (goesOn: number): Voice => ({
    part: { ...part, program: parts[goesOn]!.program },
    goesOn,
  });
  if ((asked.playing?.length ?? 0) > 0) {
    const program = spec.soundingPrograms?.get(part.program) ?? part.program;
    const own = [...stoodFor, ...[...partsOf.values()].flat()].find((one) =>
      parts[one]!.program === program && !parts[one]!.isDrum
    );
    return own === undefined
      ? [{ part: { ...part, program }, goesOn: undefined }]
      : [voice(own)];
  }
  const chosen: number[] = [];
  for (const one of stoodFor) {
    const isOther = chosen.every((other) =>
      parts[other]!.program !== parts[one]!.program &&
      Math.abs(meanPitches[other]! - meanPitches[one]!) >= VOICES_APART
    );
    if (isOther) chosen.push(one);
  }
  return chosen.length > 0 ? chosen.map(voice) : [{ part, goesOn: undefined }];
}
