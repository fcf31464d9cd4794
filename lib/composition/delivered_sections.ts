/** Compares the sections and events of a finished piece with what was asked. */

import { shareOfSwells, type TimedEvent } from "../arrangement/arrangement.ts";
import {
  BarLines,
  clockTime,
  type NoteSequence,
  type PieceSpec,
  secondsToTicks,
  sliceSequence,
  type Swell,
  ticksToSeconds,
} from "../music/music.ts";
import { type Delivered, delivered, measurePiece } from "./delivered.ts";
import type { SectionPlan } from "./plan_sections.ts";
import { NAMES } from "./timed_events.ts";

/** By row: the fields of a section's wishes that it compares. */
const FIELDS: Readonly<Record<string, readonly (keyof PieceSpec)[]>> = {
  key: ["key"],
  tempo: ["qpm", "tempo"],
  meter: ["meter"],
  instruments: ["playing", "silent"],
  density: ["density"],
  register: ["register"],
  loudness: ["loudness"],
};
/** A line's ends are measured over so much of the section, or more to have notes. */
const LINE_SHARES = [0.25, 0.5];
/** How far what has a line may be from it at its ends. */
const TEMPO_OFF = 0.02, VELOCITY_OFF = 8, DENSITY_OFF = 0.3, REGISTER_OFF = 4;
/** Share of the swells that are to be heard. */
const SWELLS_SHARE = 0.9;
/** A hit is on time within so many seconds. */
const HIT_SECONDS = 0.05;

/** A piece, and what was planned of it. */
export interface DeliveredSections {
  /** What was asked of the whole. */
  readonly asked: PieceSpec;
  readonly sequence: NoteSequence;
  readonly plans: readonly SectionPlan[];
  /** When each section begins. */
  readonly starts: readonly number[];
  readonly events: readonly TimedEvent[];
}

/**
 * Rows of the whole piece, then of what each section asks for itself, then of each
 * event. A wish that a section has instead is not compared with the whole.
 */
export function deliveredSections(
  { asked, sequence, plans, starts, events }: DeliveredSections,
): Delivered[] {
  const own = (plan: SectionPlan, what: string) =>
    // Chords begin again with each section.
    what === "chords"
      ? plans.length > 1 && plan.asked.chords !== undefined
      : what.startsWith("how ")
      ? plan.wish.spec.partWishes !== undefined
      : FIELDS[what]?.some((field) => field in plan.wish.spec) ?? false;
  const whole = delivered(asked, withoutStrokes(sequence, events)).map((row) =>
    plans.some((plan) => own(plan, row.what) || hasLine(plan, row.what))
      ? { ...row, asked: "", met: true }
      : row
  );
  const lines = BarLines.of(sequence);
  const sections = plans.flatMap((plan, i) => {
    const slice = withoutEvents(
      sequence,
      [starts[i]!, starts[i + 1] ?? sequence.totalTicks],
      events,
    );
    const first = lines.barAt(starts[i]!) + 1;
    const where = `bars ${first}–${first + plan.bars - 1}`;
    return [
      ...delivered(plan.asked, slice).filter(({ what }) =>
        own(plan, what) && !hasLine(plan, what)
      ),
      ...lineRows(plan, slice),
    ].map((row) => ({ ...row, what: `${row.what}, ${where}` }));
  });
  return [
    ...whole,
    ...sections,
    ...eventRows(events, sequence),
  ];
}

/** A piece without the notes of instruments that strike alone. */
function withoutStrokes(
  sequence: NoteSequence,
  events: readonly TimedEvent[],
): NoteSequence {
  const strokes = events.flatMap(({ seconds, stroke }) =>
    stroke ? [{ ...stroke, ticks: secondsToTicks(sequence, seconds) }] : []
  );
  if (strokes.length === 0) return sequence;
  const notes = sequence.notes.filter(({ pitch, part, startTicks }) =>
    !strokes.some((stroke) =>
      stroke.ticks === startTicks && stroke.pitch === pitch &&
      (sequence.parts[part]!.isDrum
        ? stroke.program === undefined
        : stroke.program === sequence.parts[part]!.program)
    )
  );
  return { ...sequence, notes };
}

/** From one time of a piece to another, but for hits, and a fade at either end. */
function withoutEvents(
  sequence: NoteSequence,
  [from, to]: readonly [number, number],
  events: readonly TimedEvent[],
): NoteSequence {
  let start = from, end = to;
  for (const { what, seconds, forSeconds } of events) {
    const begin = secondsToTicks(sequence, seconds);
    const until = secondsToTicks(sequence, seconds + forSeconds);
    if (what === "fadeOut" && begin > start && begin < end) end = begin;
    if (what === "fadeIn" && until > start && until < end) start = until;
  }
  const hits = events.filter(({ what }) => what === "hit")
    .map(({ seconds }) => secondsToTicks(sequence, seconds));
  const notes = sequence.notes.filter(({ startTicks }) =>
    !hits.includes(startTicks)
  );
  return sliceSequence({ ...sequence, notes }, start, end);
}

/** Whether a section has a line in place of a class. */
function hasLine({ wish: { curve } }: SectionPlan, what: string): boolean {
  return what === "tempo" && curve?.qpm !== undefined ||
    what === "loudness" && curve?.velocity !== undefined ||
    what === "density" && curve?.density !== undefined ||
    what === "register" && curve?.register !== undefined;
}

/** A row for each line of a section, measured at its two ends. */
function lineRows(
  { wish: { curve } }: SectionPlan,
  slice: NoteSequence,
): Delivered[] {
  if (!curve) return [];
  const { tempos } = slice;
  const { share, ends } = endsOf(slice);
  /** What a straight line has on average at either end. */
  const middle = ([from, to]: readonly [number, number]) => {
    const inside = (to - from) * share / 2;
    return [from + inside, to - inside];
  };
  const row = (
    what: string,
    [from, to]: readonly [number, number],
    found: readonly number[],
    isNear: (value: number, i: number) => boolean,
  ): Delivered => ({
    what,
    asked: `${round(from)} to ${round(to)}`,
    delivered: found.map(round).join(" to "),
    met: found.every(isNear),
  });
  const { qpm, velocity, density, register, swell } = curve;
  return [
    ...swell ? [swellRow(slice, swell)] : [],
    ...qpm
      ? [
        row(
          "tempo",
          qpm,
          [tempos[0]?.qpm ?? 0, tempos.at(-1)?.qpm ?? 0],
          (one, i) => Math.abs(one / qpm[i]! - 1) <= TEMPO_OFF,
        ),
      ]
      : [],
    ...velocity
      ? [
        row(
          "loudness",
          velocity,
          ends.map(({ loudness }) => loudness),
          (one, i) => Math.abs(one - middle(velocity)[i]!) <= VELOCITY_OFF,
        ),
      ]
      : [],
    ...register
      ? [
        row(
          "register",
          register,
          ends.map(({ register }) => register),
          (one, i) => Math.abs(one - middle(register)[i]!) <= REGISTER_OFF,
        ),
      ]
      : [],
    ...density
      ? [
        row(
          "density",
          density,
          ends.map(({ density }) => density),
          (one, i) => Math.abs(one / middle(density)[i]! - 1) <= DENSITY_OFF,
        ),
      ]
      : [],
  ];
}

/** The row of what swells: in how many of its swells the loudness rises. */
function swellRow(slice: NoteSequence, swell: Swell): Delivered {
  const { period } = swell;
  const every = "seconds" in period
    ? `every ${round(period.seconds)} s`
    : "bars" in period
    ? `every ${period.bars} bars`
    : `${round(1 / period.share)} times`;
  const span = { startTicks: 0, endTicks: slice.totalTicks };
  const share = shareOfSwells(slice, span, swell);
  return {
    what: "swells",
    asked: every,
    delivered: share >= SWELLS_SHARE
      ? every
      : `in ${round(100 * share)} % of them`,
    met: share >= SWELLS_SHARE,
  };
}

/** The beginning and the end of a section, each long enough for a note to begin in it. */
function endsOf(slice: NoteSequence) {
  const { totalTicks } = slice;
  const measured = (share: number) => {
    const part = Math.max(1, Math.round(share * totalTicks));
    const ends = [
      measurePiece(sliceSequence(slice, 0, part)),
      measurePiece(sliceSequence(slice, totalTicks - part, totalTicks)),
    ];
    return { share, ends };
  };
  for (const share of LINE_SHARES) {
    const found = measured(share);
    if (found.ends.every(({ loudness }) => !Number.isNaN(loudness))) {
      return found;
    }
  }
  return measured(1);
}

function round(value: number): string {
  return Number.isNaN(value) ? "none" : `${Number(value.toFixed(1))}`;
}

/** Rows of events; one for those that come again. */
function eventRows(
  events: readonly TimedEvent[],
  sequence: NoteSequence,
): Delivered[] {
  const rows: { row: Delivered; more: number }[] = [];
  for (const event of events) {
    const row = eventRow(event, sequence), last = rows.at(-1);
    if (event.isAgain && last) {
      last.more++;
      last.row = { ...last.row, met: last.row.met && row.met };
    } else rows.push({ row, more: 0 });
  }
  return rows.map(({ row, more }) =>
    more === 0 ? row : {
      ...row,
      asked: `${row.asked} and ${more} times more`,
      delivered: `${row.delivered}${row.met ? " and as often" : ""}`,
    }
  );
}

/** The row of an event: whether it is heard at its time. */
function eventRow(
  { what, seconds, forSeconds }: TimedEvent,
  sequence: NoteSequence,
): Delivered {
  const { notes } = sequence;
  const at = secondsToTicks(sequence, seconds);
  const until = secondsToTicks(sequence, seconds + forSeconds);
  const named = NAMES[what];
  if (what === "hit") {
    const loudest = notes.reduce(
      (best, note) => {
        const apart = Math.abs(note.startTicks - at);
        return note.velocity > (best?.velocity ?? 0) && apart < 960
          ? note
          : best;
      },
      notes[0],
    );
    const heard = loudest === undefined
      ? NaN
      : ticksToSeconds(sequence, loudest.startTicks);
    return {
      what: named,
      asked: `at ${clockTime(seconds)}`,
      delivered: Number.isNaN(heard) ? "none" : `at ${clockTime(heard)}`,
      met: Math.abs(heard - seconds) <= HIT_SECONDS,
    };
  }
  const asked = `at ${clockTime(seconds)} for ${round(forSeconds)} s`;
  if (what === "silence") {
    const sounding = notes.filter(({ startTicks, endTicks }) =>
      startTicks < until && endTicks > at
    ).length;
    return {
      what: named,
      asked,
      delivered: sounding === 0 ? asked : `${sounding} notes sound`,
      met: sounding === 0,
    };
  }
  return { what: named, asked, delivered: asked, met: true };
}
