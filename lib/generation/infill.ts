/** Samples the notes of some instruments in bars whose other notes are given. */

import { Turns } from "../base/base.ts";
import type { Range } from "../music/music.ts";
import type { Checkpoint } from "../model/model.ts";
import {
  FIRST_KIT,
  type RemiAlphabet,
  remiResolution,
} from "../tokens/remi/remi.ts";
import {
  BarInfill,
  type GivenNote,
  type InfilledNote,
  type OpenNote,
} from "./bar_infill.ts";
import { DensityGuide } from "./density_guide.ts";
import { GivenHarmony, type HeldNote } from "./given_harmony.ts";
import type { GenerationOptions, InfillOptions } from "./options.ts";
import type { Surroundings } from "./surroundings.ts";
import type { TokenWriter } from "./token_writer.ts";

/** One draft of the bars. */
export interface Infilling {
  /** In order of their starts. */
  readonly notes: readonly InfilledNote[];
  /** Nats by which the notes given and the bars that follow surprise the model. */
  readonly surprise: number;
}

/** Bars to sample in, in ids without `Bar`. */
export interface InfillBars {
  /** Ids of meter and tempo, which no bar states. */
  readonly header: readonly number[];
  /** Bars that the network hears first. */
  readonly before: readonly (readonly number[])[];
  /** The bars, with the notes that stay in them. */
  readonly given: readonly (readonly number[])[];
  /** Bars of the whole piece. */
  readonly planned: number;
  /** Steps of a bar, and of a quarter note. */
  readonly barSteps: number;
  readonly beatSteps: number;
  /** Bars that follow. */
  readonly after: readonly (readonly number[])[];
  /** Programs, and {@linkcode FIRST_KIT} + kits, whose notes are sampled. */
  readonly instruments: ReadonlySet<number>;
  /** See {@linkcode InfillOptions.near}. */
  readonly near: ReadonlyMap<number, Range>;
  /** Whether all others are silent, so that nothing has to be left to them. */
  readonly areAlone: boolean;
  /** See {@linkcode DensityGuide}; undefined where the model decides. */
  readonly density: DensityGuide | undefined;
}

/**
 * Samples drafts of the bars. The model decides token by token, from all that it has
 * heard, whether an instrument plays here or something else comes next; what else
 * comes is what is given.
 *
 * @param writer That has read nothing but the attributes.
 * @param attempts How many drafts.
 * @param pause Called after each bar; sampling waits for the promise, if any.
 */
export async function infill(
  writer: TokenWriter,
  {
    header,
    planned,
    barSteps,
    beatSteps,
    before,
    given,
    after,
    instruments,
    near,
    areAlone,
    density,
  }: InfillBars,
  attempts: number,
  pause: () => Promise<void> | undefined = () => undefined,
): Promise<Infilling[]> {
  const { barId, alphabet } = writer;
  if (before.length > 0) {
    writer.place = { ...writer.place, header };
    writer.hear(before, planned);
  }
  const start = writer.place;
  const bars = given.map((bar) => notesOf(bar, alphabet));
  const harmony = new GivenHarmony(
    heldNotes(bars, barSteps, alphabet),
    beatSteps,
  );
  const follows = after.flatMap((bar) => [barId, ...bar]);
  const drafts: Infilling[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) writer.place = start;
    const draft = writer.beginSection(Infinity);
    const notes: OpenNote[] = [];
    for (const [i, bar] of bars.entries()) {
      writer.write(barId, draft);
      if (i === 0 && before.length === 0) {
        for (const id of header) writer.write(id, draft);
      }
      new BarInfill({
        writer,
        draft,
        instruments,
        near,
        leavesRoom: !areAlone,
        isLast: i === bars.length - 1,
        density,
        notes,
        harmony,
      }).fill(bar);
      await pause();
    }
    writer.endSection();
    const surprise = draft.givenNats + writer.surprises(follows);
    drafts.push({ notes, surprise });
  }
  return drafts;
}

/**
 * Samples drafts of bars of a piece, see {@linkcode infill}.
 *
 * @param writerOf Makes the writer, of a piece of so many bars.
 */
export async function infillAround(
  { head, header, planned, heard, before, given, after }: Surroundings,
  options: InfillOptions,
  { vocabulary, corpus }: Checkpoint,
  writerOf: (piece: {
    readonly head: readonly number[];
    readonly bars: number;
    readonly spec: GenerationOptions;
  }) => TokenWriter,
): Promise<Infilling[]> {
  const { instruments, near, areAlone, attempts, onProgress, ...spec } =
    options;
  const { density, ...targets } = spec.targets ?? {};
  const ids = (tokens: readonly string[]) => [...vocabulary.encode(tokens)];
  const turns = new Turns();
  const writer = writerOf({
    head: ids(head),
    bars: planned,
    spec: { ...spec, targets },
  });
  return await infill(
    writer,
    {
      header: ids(header),
      planned,
      barSteps: heard.barSteps,
      beatSteps: remiResolution(corpus.tokenizerOptions).stepsPerQuarter,
      before: before.map(ids),
      given: given.map(ids),
      after: after.map(ids),
      instruments,
      near,
      areAlone,
      density: density && new DensityGuide(density, {
        ...remiResolution(corpus.tokenizerOptions),
        countsDrums: [...instruments].every((one) => one >= FIRST_KIT),
      }),
    },
    attempts,
    () => {
      const turn = turns.give();
      if (turn) onProgress?.(writer.sampled, writer.bar);
      return turn;
    },
  );
}

/** The notes with a pitch, for as long as they sound. */
function heldNotes(
  bars: readonly (readonly GivenNote[])[],
  barSteps: number,
  { types, numbers }: RemiAlphabet,
): HeldNote[] {
  return bars.flatMap((bar, i) =>
    bar.filter(({ instrument }) => instrument < FIRST_KIT)
      .map(({ position, pitch, ids }) => {
        const start = i * barSteps + position;
        const steps = ids.filter((id) => types[id] === "Duration")
          .reduce((sum, id) => sum + numbers[id]!, 0);
        return { pitch, start, end: start + steps };
      })
  );
}

/** The notes of a bar. */
function notesOf(
  bar: readonly number[],
  { types, numbers }: RemiAlphabet,
): GivenNote[] {
  const notes: (GivenNote & { readonly ids: number[] })[] = [];
  let position = 0, instrument = 0;
  for (const id of bar) {
    const number = numbers[id]!;
    switch (types[id]) {
      case "Position":
        position = number;
        break;
      case "Program":
        instrument = number;
        break;
      case "Kit":
        instrument = FIRST_KIT + number;
        break;
      case "Pitch":
      case "Drum":
        notes.push({ position, instrument, pitch: number, ids: [id] });
        break;
      case "Velocity":
      case "Duration":
        notes.at(-1)!.ids.push(id);
    }
  }
  return notes;
}
