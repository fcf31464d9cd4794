/** How badly a sampled section misses what is asked of it. */

import {
  DENSITY_BANDS,
  type InstrumentName,
  INSTRUMENTS,
  meanPitch,
  noteDensity,
  type NoteSequence,
  type PieceSpec,
  sliceSequence,
  ticksPerBar,
} from "../music/music.ts";
import { delivered } from "./delivered.ts";
import type { Unit, UnitWish } from "./units.ts";

/** What of the delivered depends on sampling, and how much a miss of it counts. */
const WEIGHTS: Readonly<Record<string, number>> = {
  instruments: 4,
  key: 2,
  chords: 2,
  density: 1,
  register: 1,
};
/** How far a density and a mean pitch on a line may be from it. */
const DENSITY_OFF = 0.15, REGISTER_OFF = 3;
/** Shortest section whose halves are each to be in its key. */
const HALVES_BARS = 8;
/** In how many bars instruments are to be heard: of a later section, of the first. */
const ENTRY_BARS = 0.5, FIRST_ENTRY_BARS = 4;
/** By how much more notes begin in a second where the class of density is higher. */
const CONTRAST = 1.25;

/** How often notes begin in a second, by class, and what it counts if they do not. */
const RATES = {
  sparse: [0, 3],
  medium: [1.5, 6.5],
  dense: [4.5, Infinity],
} as const;
const RATE_WEIGHT = 0.5;
/** How far a change of that may be from the line's, as a logarithm. */
const LINE_OFF = 0.25;

/** A unit, and the one before it. */
export interface Judged {
  readonly unit: Unit;
  readonly sequence: NoteSequence;
  readonly before:
    | { readonly unit: Unit; readonly sequence: NoteSequence }
    | undefined;
}

/** How badly a unit's notes miss what is asked, before they are arranged; 0: not. */
export function missedBy({ unit, sequence, before }: Judged): number {
  const { ticksPerQuarter, timeSignatures } = sequence;
  const bar = ticksPerBar(timeSignatures[0]!, ticksPerQuarter);
  let missed = rateMissed(unit, sequence) +
    (before ? contrastMissed(before, { unit, sequence }) : 0);
  let start = 0;
  for (const wish of unit.wishes) {
    const end = start + wish.bars * bar;
    const own = unit.wishes.length === 1
      ? sequence
      : sliceSequence(sequence, start, end);
    missed += wishMissed(wish, own);
    const { playing = [] } = wish.asked;
    const isLater = before !== undefined || start > 0 || wish.own.playing;
    const by = (isLater ? ENTRY_BARS : FIRST_ENTRY_BARS) * bar;
    missed += playing.filter((name) => isLate(name, own, by)).length;
    start = end;
  }
  return missed;
}

/** How badly the notes of one section miss its wishes. */
function wishMissed(
  { asked, own, bars, density, register }: UnitWish,
  notes: NoteSequence,
): number {
  let missed = 0;
  for (const { what, met, missing = 0 } of delivered(asked, notes)) {
    if (!met) missed += (1 + missing) * (WEIGHTS[what] ?? 0);
  }
  if (density !== undefined) {
    const off = Math.abs(noteDensity(notes) / density - 1);
    if (off > DENSITY_OFF) missed += off;
  }
  if (register !== undefined) {
    const off = Math.abs(meanPitch(notes) - register) / REGISTER_OFF;
    if (off > 1) missed += off;
  }
  if (own.key && asked.key && bars >= HALVES_BARS) {
    const middle = Math.round(notes.totalTicks / 2);
    for (
      const half of [
        sliceSequence(notes, 0, middle),
        sliceSequence(notes, middle, notes.totalTicks),
      ]
    ) {
      const row = delivered({ key: asked.key }, half)
        .find(({ what }) => what === "key");
      if (!row?.met) missed++;
    }
  }
  return missed;
}

/** Whether an instrument asked for is not heard by a time. */
function isLate(
  name: InstrumentName,
  { notes, parts }: NoteSequence,
  byTicks: number,
): boolean {
  // Keys can carry the melody too.
  if (name === "melody") return false;
  return !notes.some(({ part, startTicks }) => {
    const { isDrum, program } = parts[part]!;
    return startTicks < byTicks &&
      (name === "drums"
        ? isDrum
        : !isDrum && INSTRUMENTS[name].programs.includes(program));
  });
}

/** Something where a listener would not hear the class of density asked. */
function rateMissed(
  { spec, wishes: [first] }: Unit,
  sequence: NoteSequence,
): number {
  if (spec.density === undefined || first?.density !== undefined) return 0;
  const [least, most] = RATES[spec.density];
  const rate = onsetsASecond(sequence, spec);
  return rate >= least && rate <= most ? 0 : RATE_WEIGHT;
}

/**
 * 1 where another class of density makes no difference to the ear; on a line, how
 * far the change is from the line's.
 */
function contrastMissed(
  before: { readonly unit: Unit; readonly sequence: NoteSequence },
  { unit, sequence }: { readonly unit: Unit; readonly sequence: NoteSequence },
): number {
  const ratio = onsetsASecond(sequence, unit.spec) /
    onsetsASecond(before.sequence, before.unit.spec);
  const last = before.unit.wishes.at(-1)?.density;
  const own = unit.wishes[0]?.density;
  if (last !== undefined && own !== undefined) {
    const off = Math.abs(Math.log(ratio * last / own));
    return off > LINE_OFF ? RATE_WEIGHT * Math.min(1, off) : 0;
  }
  const classOf = ({ spec }: Unit) =>
    DENSITY_BANDS.findIndex(({ name }) => name === spec.density);
  const from = classOf(before.unit), to = classOf(unit);
  if (from < 0 || to < 0 || from === to) return 0;
  return (to > from ? ratio : 1 / ratio) >= CONTRAST ? 0 : 1;
}

/** How many times notes begin in a second. */
function onsetsASecond(
  { notes, totalTicks, ticksPerQuarter }: NoteSequence,
  { qpm = 72 }: PieceSpec,
): number {
  const onsets = new Set(notes.map(({ startTicks }) => startTicks)).size;
  return onsets * qpm * ticksPerQuarter / (60 * Math.max(1, totalTicks));
}
