/** What of a planned piece is sampled in one go, and in which drafts. */

import type { SectionDraft, SectionDrafts } from "../generation/generation.ts";
import {
  bandOf,
  DENSITY_BANDS,
  type PieceSpec,
  REGISTER_BANDS,
} from "../music/music.ts";
import { freeTargets, modelBarsOf } from "./for_model.ts";
import type { SectionPlan } from "./plan_sections.ts";

/** What is asked of some bars. */
export interface UnitWish {
  readonly bars: number;
  readonly asked: PieceSpec;
  /** Whether the section asks for its key, or who plays in it. */
  readonly own: { readonly key: boolean; readonly playing: boolean };
  /** Notes per quarter note, where a number is asked. */
  readonly density?: number | undefined;
  /** Mean pitch, where a number is asked. */
  readonly register?: number | undefined;
}

/** Bars that are sampled with the same aims. */
export interface Unit {
  readonly bars: number;
  readonly spec: PieceSpec;
  /** Of its bars, in order. */
  readonly wishes: readonly UnitWish[];
  /** Of a section that comes again. */
  readonly letter?: string;
}

/**
 * The drafts of a section, one after the other: of the model alone, going on from
 * the bars before or not, and steered, with its density led to so many times what is
 * asked, for what comes out lags behind.
 */
const DRAFTS = [
  "goes on",
  "alone",
  1,
  1.4,
  "goes on",
  0.75,
  1.8,
  "alone",
] as const;
/** So many bars the drafts of a piece may have together; each section has one. */
const DRAFT_BARS = 512;
/** Density and register that change are led to other targets every so many bars. */
const LINE_BARS = 4;
/** How wide the target of a density on a line is. */
const DENSITY_WIDTH = 0.1;
/** Half the width of a register on a line, in semitones. */
const REGISTER_WIDTH = 3;
/** Quarter notes by which a section's instruments are led to be heard. */
const ENTRY_QUARTERS = 1;

/** Sections in units: equal ones together, and those of a line in parts. */
export function unitsOf(plans: readonly SectionPlan[]): Unit[] {
  const units: Unit[] = [];
  let last = "";
  for (const plan of plans) {
    const { spec, asked, bars, wish } = plan;
    if (wish.curve?.density || wish.curve?.register) {
      units.push(...lineUnits(plan));
      last = "";
      continue;
    }
    const { Loudness: _, ...attributes } = spec.attributes ?? {};
    const { constraints, targets, chords, partWishes } = spec;
    const aims = JSON.stringify([
      attributes,
      constraints,
      targets,
      partWishes,
      [...spec.soundingPrograms ?? []],
      [...spec.doubledBy ?? []],
    ]);
    const before = units.at(-1);
    const own = ownOf(plan);
    const { letter } = wish;
    if (letter !== undefined) {
      units.push({ bars, spec, wishes: [{ bars, asked, own }], letter });
      last = "";
      continue;
    }
    // Chords begin again with each section.
    if (before && aims === last && !chords) {
      units[units.length - 1] = {
        ...before,
        bars: before.bars + bars,
        wishes: [...before.wishes, { bars, asked, own }],
      };
    } else units.push({ bars, spec, wishes: [{ bars, asked, own }] });
    last = aims;
  }
  return units;
}

function ownOf({ wish: { spec } }: SectionPlan): UnitWish["own"] {
  return { key: "key" in spec, playing: "playing" in spec };
}

/** Units of a few bars, each with a density and a register on the lines. */
function lineUnits(plan: SectionPlan): Unit[] {
  const { spec, asked, bars, wish: { curve = {} } } = plan;
  const count = Math.max(Math.min(2, bars), Math.round(bars / LINE_BARS));
  const { density, register, ...free } = asked;
  const at = (line: readonly [number, number] | undefined, i: number) =>
    line && line[0] + (line[1] - line[0]) * (i + 0.5) / count;
  return Array.from({ length: count }, (_, i) => {
    const own = Math.round((i + 1) * bars / count) -
      Math.round(i * bars / count);
    const notes = at(curve.density, i), pitch = at(curve.register, i);
    return {
      bars: own,
      wishes: [{
        bars: own,
        asked: {
          ...free,
          ...!curve.density && density && { density },
          ...!curve.register && register && { register },
        },
        own: i === 0 ? ownOf(plan) : { key: false, playing: false },
        density: notes,
        register: pitch,
      }],
      spec: {
        ...spec,
        attributes: {
          ...spec.attributes,
          ...notes !== undefined && { Density: bandOf(DENSITY_BANDS, notes) },
          ...pitch !== undefined && { Register: bandOf(REGISTER_BANDS, pitch) },
        },
        targets: {
          ...spec.targets,
          ...notes !== undefined && {
            density: [
              notes * (1 - DENSITY_WIDTH),
              notes * (1 + DENSITY_WIDTH),
            ],
          },
          ...pitch !== undefined && {
            register: [pitch - REGISTER_WIDTH, pitch + REGISTER_WIDTH],
          },
        },
      },
    };
  });
}

/**
 * What to sample units for: the model alone first, but for those that are led along
 * a line, and where there is time for one draft alone.
 */
export function draftsOf(units: readonly Unit[]): SectionDrafts[] {
  const bars = units.reduce((sum, { bars }) => sum + bars, 0);
  const most = Math.max(1, Math.floor(DRAFT_BARS / bars));
  return units.map((unit, index) => {
    const { bars, spec, wishes: [first] } = unit;
    const isLed = first?.density !== undefined || first?.register !== undefined;
    const enters = index > 0 || (first?.own.playing ?? false);
    const drafts = DRAFTS.flatMap((how): SectionDraft[] =>
      typeof how === "number"
        ? [{ spec: steered(spec, how, enters), hears: isLed }]
        : isLed || most === 1
        ? []
        : [{
          spec: { ...spec, targets: freeTargets(spec) },
          hears: how === "goes on",
        }]
    );
    return {
      bars: modelBarsOf(bars, spec.barsAs),
      // Of two the second is steered.
      drafts: most === 2 && !isLed
        ? [drafts[0]!, drafts[2]!]
        : drafts.slice(0, most),
    };
  });
}

/** A spec with targets, its density led to so many times what is asked. */
function steered(spec: PieceSpec, aim: number, enters: boolean): PieceSpec {
  const range = spec.targets?.density;
  return {
    ...spec,
    targets: {
      ...spec.targets,
      ...range && { density: [aim * range[0], aim * range[1]] as const },
      ...enters && { entryQuarters: ENTRY_QUARTERS },
    },
  };
}
