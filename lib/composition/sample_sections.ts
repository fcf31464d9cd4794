/** Samples the sections of a planned piece, and joins them. */

import type { Generator, SectionDrafts } from "../generation/generation.ts";
import { finishPiece } from "../generation/generation.ts";
import {
  bandOf,
  DENSITY_BANDS,
  INSTRUMENTS,
  joinSequences,
  noteDensity,
  type NoteSequence,
  parseMeter,
  type PieceSpec,
  sliceSequence,
  type TempoChange,
  ticksPerBar,
} from "../music/music.ts";
import { delivered } from "./delivered.ts";
import { freeTargets, modelBarsOf } from "./for_model.ts";
import type { SectionPlan } from "./plan_sections.ts";
import { qpmAt } from "./section_times.ts";

/**
 * Drafts of a section from the model alone, before those that are steered, and how
 * many of them go on from the bars before.
 */
const FREE_DRAFTS = 4, HEARING_DRAFTS = 2;
/** So many bars the drafts of a piece may have together; each section has one. */
const DRAFT_BARS = 512;
/** A density that changes is led to another target every so many bars. */
const DENSITY_BARS = 4;
/**
 * Where a density is led, by what is asked, one draft after the other, for what
 * comes out lags behind. How wide the target on a line is, and how far off is a miss.
 */
const DENSITY_AIMS = [1, 1.4, 0.75, 1.8],
  DENSITY_WIDTH = 0.1,
  DENSITY_OFF = 0.15;
/** What of the delivered depends on sampling, and how much a miss of it counts. */
const WEIGHTS: Readonly<Record<string, number>> = {
  instruments: 4,
  key: 2,
  chords: 2,
  density: 1,
  register: 1,
};

/** Bars that are sampled with the same aims. */
interface Unit {
  readonly bars: number;
  readonly spec: PieceSpec;
  /** What is asked of its bars, in order. */
  readonly wishes: readonly {
    readonly bars: number;
    readonly asked: PieceSpec;
    /** Notes per quarter note, where a number is asked. */
    readonly density?: number;
  }[];
}

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
  const units = unitsOf(plans);
  const bars = plans.reduce((sum, { bars }) => sum + bars, 0);
  const most = Math.max(1, Math.floor(DRAFT_BARS / bars));
  const led = Math.min(DENSITY_AIMS.length, Math.ceil(most / 2));
  const free = Math.min(FREE_DRAFTS, most - led);
  const { sections, ...figures } = await generator.generateSections({
    sections: units.map((unit) => draftsOf(unit, { free, led })),
    randomSeed,
    ending: loop ? "loop" : "open",
    missed: (sequence, index) =>
      missedBy(
        finishPiece(sequence, finishingOf(units[index]!)),
        units[index]!,
        {
          isEntry: index > 0,
        },
      ),
    onProgress,
  });
  const joined = joinSequences(
    sections.map(({ sequence }, i) =>
      finishPiece(sequence, finishingOf(units[i]!))
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

/** Sections in units: equal ones together, and those of a changing density in parts. */
function unitsOf(plans: readonly SectionPlan[]): Unit[] {
  const units: Unit[] = [];
  let last = "";
  for (const { spec, asked, bars, wish } of plans) {
    const line = wish.curve?.density;
    if (line) {
      units.push(...densityUnits(line, { spec, asked, bars }));
      last = "";
      continue;
    }
    const { Loudness: _, ...attributes } = spec.attributes ?? {};
    const { constraints, targets, chords, partWishes } = spec;
    const aims = JSON.stringify([
      attributes,
      constraints,
      targets,
      chords,
      partWishes,
      [...spec.soundingPrograms ?? []],
      [...spec.doubledBy ?? []],
    ]);
    const before = units.at(-1);
    // Chords begin again with each section.
    if (before && aims === last && !chords) {
      units[units.length - 1] = {
        ...before,
        bars: before.bars + bars,
        wishes: [...before.wishes, { bars, asked }],
      };
    } else units.push({ bars, spec, wishes: [{ bars, asked }] });
    last = aims;
  }
  return units;
}

/** Units of a few bars, each with a density on the line. */
function densityUnits(
  [from, to]: readonly [number, number],
  { spec, asked, bars }: Pick<SectionPlan, "spec" | "asked" | "bars">,
): Unit[] {
  const count = Math.max(Math.min(2, bars), Math.round(bars / DENSITY_BARS));
  const { density: _, ...free } = asked;
  return Array.from({ length: count }, (_, i) => {
    const own = Math.round((i + 1) * bars / count) -
      Math.round(i * bars / count);
    const density = from + (to - from) * (i + 0.5) / count;
    return {
      bars: own,
      wishes: [{ bars: own, asked: free, density }],
      spec: {
        ...spec,
        attributes: {
          ...spec.attributes,
          Density: bandOf(DENSITY_BANDS, density),
        },
      },
    };
  });
}

/** What to sample a unit for: the model alone first, unless it is led by a line. */
function draftsOf(
  { bars, spec, wishes }: Unit,
  count: { readonly free: number; readonly led: number },
): SectionDrafts {
  const density = wishes[0]?.density;
  const range = density === undefined
    ? spec.targets?.density
    : [density * (1 - DENSITY_WIDTH), density * (1 + DENSITY_WIDTH)] as const;
  const led = DENSITY_AIMS.slice(0, count.led).map((aim) => ({
    spec: {
      ...spec,
      targets: {
        ...spec.targets,
        ...range && { density: [aim * range[0], aim * range[1]] as const },
      },
    },
    hears: density !== undefined,
  }));
  const alone = { ...spec, targets: freeTargets(spec) };
  return {
    bars: modelBarsOf(bars, spec.barsAs),
    drafts: density !== undefined ? led : [
      ...Array.from({ length: count.free }, (_, i) => ({
        spec: alone,
        hears: i < HEARING_DRAFTS,
      })),
      ...led,
    ],
  };
}

/** How badly a unit's notes miss what is asked, before they are arranged. */
function missedBy(
  sequence: NoteSequence,
  { wishes }: Unit,
  { isEntry }: { readonly isEntry: boolean },
): number {
  const { ticksPerQuarter, timeSignatures } = sequence;
  const bar = ticksPerBar(timeSignatures[0]!, ticksPerQuarter);
  let missed = 0, start = 0;
  for (const { bars, asked, density } of wishes) {
    const end = start + bars * bar;
    const own = wishes.length === 1
      ? sequence
      : sliceSequence(sequence, start, end);
    for (const { what, met } of delivered(asked, own)) {
      if (!met) missed += WEIGHTS[what] ?? 0;
    }
    if (density !== undefined) {
      const off = Math.abs(noteDensity(own) / density - 1);
      if (off > DENSITY_OFF) missed += off;
    }
    // Who is asked for is there from the section's first bar.
    if (isEntry || start > 0) missed += lateOf(own, asked, bar);
    start = end;
  }
  return missed;
}

/** How many instruments asked for do not play in the first bar. */
function lateOf(
  { notes, parts }: NoteSequence,
  { playing = [] }: PieceSpec,
  bar: number,
): number {
  const heard = new Set(
    notes.filter(({ startTicks }) => startTicks < bar).map(({ part }) => part),
  );
  const plays = (name: typeof playing[number]) =>
    parts.some(({ program, isDrum }, i) =>
      heard.has(i) &&
      (name === "drums"
        ? isDrum
        : !isDrum && INSTRUMENTS[name].programs.includes(program))
    );
  return playing.filter((name) => name !== "melody" && !plays(name)).length;
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
