/** Samples the sections of a planned piece, and joins them. */

import { finishPiece, type Generator } from "../generation/generation.ts";
import {
  joinSequences,
  type NoteSequence,
  parseMeter,
  type TempoChange,
  ticksPerBar,
} from "../music/music.ts";
import { missedBy } from "./judge_unit.ts";
import type { SectionPlan } from "./plan_sections.ts";
import { repeated, repeatsOf } from "./repeats.ts";
import { qpmAt } from "./section_times.ts";
import { draftsOf, type Unit, unitsOf } from "./units.ts";

/** About a second's worth of tokens, in which a piece has its drafts. */
const DRAFT_TOKENS = 14_000;

/** The sections of a piece as the model made them. */
export interface SampledPiece {
  /** Joined, at the tempi asked, with the programs that sound. */
  readonly sequence: NoteSequence;
  /** When each section begins. */
  readonly starts: readonly number[];
  readonly tokens: readonly string[];
  readonly natsPerToken: number;
  readonly tokensPerSecond: number;
}

/**
 * Samples planned sections and joins them. Neighbours for which the model is to do
 * the same are sampled in one go, so that a change of loudness alone breaks no line.
 */
export async function samplePlanned(
  generator: Generator,
  plans: readonly SectionPlan[],
  { randomSeed, loop, onProgress }: {
    readonly randomSeed: number;
    readonly loop: boolean;
    readonly onProgress?: ((tokens: number, bars: number) => void) | undefined;
  },
): Promise<SampledPiece> {
  const all = unitsOf(plans);
  const { sampled: units, sources } = repeatsOf(all);
  const finished = (sequence: NoteSequence, index: number) => ({
    unit: units[index]!,
    sequence: finishPiece(sequence, finishingOf(units[index]!)),
  });
  const { sections, ...figures } = await generator.generateSections({
    sections: draftsOf(units),
    randomSeed,
    ending: loop ? "loop" : "open",
    draftTokens: DRAFT_TOKENS,
    missed: (sequence, index, before) =>
      missedBy({
        ...finished(sequence, index),
        before: before && finished(before, index - 1),
      }),
    onProgress,
  });
  const joined = joinSequences(
    sources.map(({ index, semitones }, i) =>
      repeated(
        finished(sections[index]!.sequence, index).sequence,
        all[i]!,
        semitones,
      )
    ),
  );
  const starts: number[] = [];
  let ticks = 0;
  for (const { bars, meter } of plans) {
    starts.push(ticks);
    ticks += Math.round(
      bars * ticksPerBar(parseMeter(meter), joined.ticksPerQuarter),
    );
  }
  return {
    sequence: { ...joined, tempos: temposOf(plans, starts, joined) },
    starts,
    tokens: sections.flatMap(({ tokens }) => tokens),
    ...figures,
  };
}

/** How the notes of a unit are finished, but for the tempo. */
function finishingOf({ bars, spec }: Unit) {
  const { soundingPrograms, doubledBy, barsAs } = spec;
  return {
    ...barsAs && { barsAs, finishedBars: bars },
    ...soundingPrograms && { soundingPrograms },
    ...doubledBy && { doubledBy },
  };
}

/** The tempi of sections; one that changes does so at each quarter note. */
function temposOf(
  plans: readonly SectionPlan[],
  starts: readonly number[],
  { ticksPerQuarter, totalTicks }: NoteSequence,
): TempoChange[] {
  const tempos = plans.flatMap(({ qpm }, i): TempoChange[] => {
    const start = starts[i]!, end = starts[i + 1] ?? totalTicks;
    if (qpm[0] === qpm[1]) return [{ ticks: start, qpm: qpm[0] }];
    const quarters = Math.ceil((end - start) / ticksPerQuarter);
    return Array.from({ length: quarters }, (_, beat) => ({
      ticks: start + beat * ticksPerQuarter,
      qpm: qpmAt(qpm, (beat + 0.5) / quarters),
    }));
  });
  return tempos.filter(({ qpm }, i) => qpm !== tempos[i - 1]?.qpm);
}
