/** Makes sections and events of a prompt's clauses. */

import type { Anchor, Curve, SectionWish } from "../music/music.ts";
import { chordsIn } from "./parts.ts";
import type { Clause } from "./outline.ts";
import type { Happening } from "./happenings.ts";
import {
  isAtEnd,
  isShort,
  placeClauses,
  type Placed,
  shareOf,
  timeName,
} from "./placing.ts";
import type { Report } from "./report.ts";
import {
  castAt,
  type Context,
  holds,
  type ReadClause,
  type Stretch,
  type Whole,
} from "./section_cast.ts";
import { setParts } from "./section_parts.ts";
import { qpmBefore, tempiOf } from "./tempi.ts";
import { TEMPI, UNSAID_QPM } from "./tempo_words.ts";
import type { Settled } from "./resolve.ts";
import { keysOf, moveKey } from "./section_keys.ts";
import type { Fields, Measure } from "./types.ts";
import { onsetsOf, type Said } from "./said.ts";

type SectionSpec = SectionWish["spec"];
type Open<T> = { -readonly [K in keyof T]: T[K] };

/** By class: a mean velocity, notes per quarter note. */
const VELOCITIES = { soft: 46, medium: 68, loud: 94 } as const;
const DENSITIES = { sparse: 1, medium: 2.2, dense: 3.6 } as const;
/** The mean velocity at the top of a line: where a "loud" is heard as one. */
const TOP_VELOCITY = 112;
/** By what moves and a word: where a line that is told by words begins or ends. */
const LINE_ENDS: Readonly<
  Record<"loudness" | "density" | "tempo", Readonly<Record<string, number>>>
> = {
  loudness: { ...VELOCITIES, loud: TOP_VELOCITY },
  density: DENSITIES,
  tempo: TEMPI,
};
const SCALES = {
  loudness: ["soft", "medium", "loud"],
  density: ["sparse", "medium", "dense"],
  register: ["low", "middle", "high"],
} as const;
/** Where loud and soft take turns, as shares of the piece; it begins loud. */
const TURNS = [0.2, 0.35, 0.5, 0.7, 0.85] as const;
/** Words for what changes little by little, and not at once. */
const GRADUAL =
  /gradual|slowly|steadily|bit by bit|little by little|step by step|more and more|continuous|(?:\b(?:louder|softer|quieter|faster|slower|higher|lower|denser|fuller|thinner) and )|immer |nach und nach|allmahlich|allmählich|de plus en plus|peu à peu|progressiv|cada vez|poco a poco|gradualmente/i;
/** How much faster or slower a change of tempo is at a step. */
const STEP = 1.25;

/** The sections that clauses and changes of the whole ask for; often none. */
export function sectionsOf(
  clauses: readonly ReadClause[],
  whole: Whole,
  happenings: readonly Happening[],
  report: Report,
): SectionWish[] {
  const placed = placeClauses(
    clauses.map(({ clause }) => clause),
    happenings,
    whole.extent,
    report,
  );
  for (const { clause, from, to } of placed) {
    const { start, phrase, isAll } = clause;
    if (phrase === "") continue;
    if (clause.like && clause.how === "then") {
      report.tell(start, phrase, "as the first time");
    }
    if (isAll) report.tell(start, phrase, "everyone plays");
    const end = to ? ` to ${timeName(to)}` : "";
    report.place(start, phrase, `from ${timeName(from)}${end}`);
  }
  const byClause = new Map(clauses.map((one) => [one.clause, one]));
  const borders = bordersOf(placed, whole);
  if (
    borders.length === 1 && placed.length === 0 &&
    !hasCurve(whole)
  ) {
    return [];
  }
  const keys = keysOf(placed, byClause, whole);
  return borders.map((from, i) => {
    const next = borders[i + 1];
    return sectionOf({
      from,
      at: shareOf(from, whole.extent),
      upTo: next ? shareOf(next, whole.extent) : 1,
    }, { placed, byClause, whole, keys });
  });
}

function hasCurve({ said }: Whole): boolean {
  return said.mores.length > 0 || said.hasContrast === true ||
    said.swell !== undefined;
}

const isOfRegister = ({ of }: Said["mores"][number]) => of === "register";

/** Where sections begin, in order of time. */
function bordersOf(placed: readonly Placed[], whole: Whole): Anchor[] {
  const all: Anchor[] = [{ share: 0 }];
  for (const { from, to } of placed) all.push(from, ...to ? [to] : []);
  // A register moves by a step.
  if (whole.said.mores.some(isOfRegister) && !isShort(whole.extent)) {
    all.push({ share: 0.5 });
  }
  if (whole.said.hasContrast) {
    all.push(...TURNS.map((share) => ({ share })));
  }
  if (swellsOf(whole.said).length > 0) {
    for (const share of [0.25, 0.5, 0.75]) all.push({ share });
  }
  const share = (anchor: Anchor) => shareOf(anchor, whole.extent);
  const sorted = all.filter((one) => share(one) < 1 - 1e-9)
    .toSorted((a, b) => share(a) - share(b));
  return sorted.filter((one, i) =>
    i === 0 || share(one) - share(sorted[i - 1]!) > 1e-9
  );
}

function sectionOf(stretch: Stretch, context: Context): SectionWish {
  const { placed, byClause, whole } = context;
  const spec: Open<SectionSpec> = {};
  const curve: Open<Curve> = {};
  const names: string[] = [];
  let letter: string | undefined;
  const now: Now = { spec, curve, whole, stretch };
  moveWhole(now);
  if (whole.said.swell) curve.swell = whole.said.swell;
  for (const one of placed) {
    const { said, settled } = byClause.get(one.clause)!;
    const change = said.mores.find(({ of }) => of === "tempo");
    const isOver = (one.toShare ?? 1) <= stretch.at + 1e-9;
    if (!change || !isOver || !one.clause.isUntil) continue;
    // A tempo that has moved stays where it is.
    const fields = { ...whole.fields, ...settled.fields };
    spec.qpm = tempiOf(said, fields, change.by)[1];
  }
  for (const one of placed) {
    if (one.fromShare > stretch.at + 1e-9) {
      makeRoom(now, byClause.get(one.clause)!);
    }
    if (!holds(one, stretch, placed)) continue;
    const { said, settled } = byClause.get(one.clause)!;
    Object.assign(spec, specOf(settled, said, one.clause, whole));
    setParts(spec, said, whole);
    if (said.swell) curve.swell = said.swell;
    if (one.clause.isAll && whole.fields.loudness === undefined) {
      spec.loudness ??= "loud";
    }
    Object.assign(spec, chordsIn(settled.fields, whole.fields));
    const moved = context.keys.get(one.clause);
    if (moved) moveKey(spec, moved, whole);
    for (const more of said.mores) {
      change(now, one, more, { said, context });
    }
    const { name, phrase } = one.clause;
    if (Math.abs(one.fromShare - stretch.at) > 1e-9) continue;
    names.push(name ?? phrase);
    const ofName = placed.filter(({ clause }) =>
      clause.how === "part" && clause.name === name
    );
    if (name !== undefined && ofName.length > 1) letter = name;
    const first = one.clause.like ?? one.clause;
    if (placed.some(({ clause }) => clause.like === first)) {
      letter ??= `${first.start}`;
    }
  }
  Object.assign(spec, stayedAt(stretch, context), castAt(stretch, context));
  return {
    from: stretch.from,
    spec,
    ...Object.keys(curve).length > 0 && { curve },
    ...names.length > 0 && { name: names.join(", ") },
    ...letter !== undefined && { letter },
  };
}

/** What has grown up to a time stays, unless something else is said since. */
function stayedAt(
  { at }: Stretch,
  { placed, byClause }: Context,
): Pick<SectionSpec, "loudness"> {
  const said = (one: Placed) => byClause.get(one.clause)!.said;
  const grown = placed.findLast((one) =>
    one.clause.isUntil && (one.toShare ?? 1) <= at + 1e-9 &&
    !/climax|peak/i.test(one.clause.phrase) &&
    said(one).mores.some(({ of, by }) =>
      by > 0 && (of === "loudness" || of === "build")
    )
  );
  const isSaid = grown &&
    placed.some((one) =>
      one.fromShare >= grown.toShare! - 1e-9 && one.fromShare <= at + 1e-9
    );
  return grown && !isSaid ? { loudness: "loud" } : {};
}

/** Before a change to what the whole piece already is, leaves room for it. */
function makeRoom({ spec, whole }: Now, { said }: ReadClause): void {
  for (const { of, by } of said.mores) {
    if (of === "build" && by > 0 && whole.fields.loudness === undefined) {
      spec.loudness ??= "soft";
    }
    if (of === "tempo" || of === "build") continue;
    const scale: readonly string[] = SCALES[of];
    const isFull = whole.fields[of] === scale[by > 0 ? 2 : 0];
    if (isFull) Object.assign(spec, { [of]: scale[1] });
  }
}

/** What a clause asks for, as a section's spec. */
function specOf(
  { fields, moods }: Settled,
  said: Said,
  clause: Clause,
  whole: Whole,
): SectionSpec {
  const { tonic, mode, meter } = fields;
  // A mood at the end, or after a tempo in numbers, changes no tempo, and a tempo
  // that moves has a line.
  const isEnd = clause.from === "end";
  const isMoving = said.mores.some(({ of }) => of === "tempo");
  const isSaid = isEnd ||
    whole.said.qpms.some(({ start }) => start < clause.start);
  const qpm = isMoving ? undefined : isSaid ? said.fields.qpm : fields.qpm;
  const tempo = isSaid ? said.fields.tempo : fields.tempo;
  const { density, register, loudness } = fields;
  const onsets = onsetsOf(said);
  // Elsewhere than in the rest, little moves.
  const isStill = density !== undefined && density !== "dense" &&
    onsetsOf(whole.said) !== undefined;
  return {
    ...(tonic !== undefined || mode !== undefined) && {
      key: {
        ...tonic !== undefined && { tonic },
        ...mode !== undefined && { mode },
      },
    },
    ...qpm !== undefined && { qpm },
    ...tempo !== undefined && { tempo },
    ...meter !== undefined && { meter },
    ...density !== undefined && { density },
    ...onsets !== undefined && { onsetsPerSecond: onsets },
    ...isStill && { onsetsPerSecond: 0 },
    ...register !== undefined && { register },
    ...loudness !== undefined && { loudness },
    ...moods.length > 0 && { moods },
  };
}

interface Now {
  readonly spec: Open<SectionSpec>;
  readonly curve: Open<Curve>;
  readonly whole: Whole;
  readonly stretch: Stretch;
}

/** A line through the whole piece, cut to a stretch of it. */
function cut(
  [first, last]: readonly [number, number],
  from: number,
  to: number,
  { at, upTo }: Stretch,
): [number, number] {
  const valueAt = (share: number) => {
    const part = Math.min(1, Math.max(0, (share - from) / (to - from)));
    return Math.round((first + (last - first) * part) * 10) / 10;
  };
  return [valueAt(at), valueAt(upTo)];
}

/** What both grows and lessens: it goes up and down by turns. */
function swellsOf({ mores }: Said): readonly Measure[] {
  return (["loudness", "density", "build"] as const).filter((measure) =>
    [1, -1].every((sign) =>
      mores.some(({ of, by }) => of === measure && by === sign)
    )
  );
}

/** What grows or lessens through the whole piece. */
function moveWhole(now: Now): void {
  const { whole: { said, fields }, stretch } = now;
  if (said.hasContrast) {
    const turns = TURNS.filter((share) => share <= stretch.at + 1e-9).length;
    now.spec.loudness = turns % 2 === 0 ? "loud" : "soft";
  }
  const swells = swellsOf(said);
  for (const of of swells) {
    const quarter = Math.floor(4 * stretch.at + 1e-9);
    const from = quarter / 4, to = from + 0.25;
    const by = quarter % 2 === 0 ? 1 : -1;
    move(now, { of, by }, { from, to, said, fields });
  }
  for (const more of said.mores) {
    const { of, by, ends } = more;
    if (swells.includes(of)) continue;
    if (of === "register" && isShort(now.whole.extent)) {
      now.curve.contour = by;
      continue;
    }
    if (of === "register") {
      const isSecond = stretch.at >= 0.5 - 1e-9;
      const extreme = by > 0 ? "high" : "low";
      const start = fields.register ?? (by > 0 ? "low" : "high");
      const [first, last] = ends ?? [start, extreme];
      now.spec.register = (isSecond ? last : first) as typeof start;
      continue;
    }
    move(now, more, { from: 0, to: 1, said, fields });
  }
}

/** Sets a line of loudness, density or tempo between two times. */
function move(
  { curve, stretch }: Now,
  { of, by, ends }: Pick<Said["mores"][number], "of" | "by" | "ends">,
  { from, to, said, fields }: {
    readonly from: number;
    readonly to: number;
    readonly said: Said;
    readonly fields: Partial<Fields>;
  },
): void {
  const line = (low: number, high: number): [number, number] =>
    cut(by > 0 ? [low, high] : [high, low], from, to, stretch);
  if (ends && of !== "build" && of !== "register") {
    const [first, last] = ends.map((word) => LINE_ENDS[of][word]!);
    const what = of === "loudness"
      ? "velocity"
      : of === "tempo"
      ? "qpm"
      : "density";
    curve[what] = cut([first!, last!], from, to, stretch);
    return;
  }
  if (of === "loudness" || of === "build") {
    const start = fields.loudness && VELOCITIES[fields.loudness];
    const { soft } = VELOCITIES;
    curve.velocity = by > 0
      ? line(Math.min(start ?? soft, TOP_VELOCITY - 24), TOP_VELOCITY)
      : line(soft - 8, Math.max(start ?? TOP_VELOCITY - 16, soft + 18));
  }
  if (of === "density" || of === "build") {
    curve.density = line(DENSITIES.sparse, DENSITIES.dense);
  }
  if (of === "tempo") {
    const [first, last] = tempiOf(said, fields, by);
    curve.qpm = cut([first, last], from, to, stretch);
  }
}

/** A change within a clause: a line through it, or a step from what was before. */
function change(
  now: Now,
  { clause, fromShare, toShare = 1 }: Placed,
  more: Said["mores"][number],
  { said, context }: { readonly said: Said; readonly context: Context },
): void {
  const { whole } = now;
  const { of, by } = more;
  const isLine = more.ends || fromShare === 0 || clause.isUntil ||
    GRADUAL.test(clause.phrase) || of === "build" ||
    of === "tempo" && isAtEnd(clause.from);
  const fields = { ...whole.fields, ...said.fields };
  if (said.qpms.length === 1) fields.qpm = whole.fields.qpm ?? UNSAID_QPM;
  const isStep = (more.qpm ?? more.times) !== undefined;
  if (of === "build" || isLine && !isStep && of !== "register") {
    return move(now, more, { from: fromShare, to: toShare, said, fields });
  }
  if (of === "tempo") {
    const base = qpmBefore(fromShare, context) ?? whole.fields.qpm ??
      TEMPI[whole.fields.tempo ?? "moderate"];
    const step = more.times ?? STEP;
    now.spec.qpm = said.fields.qpm ??
      (more.qpm === undefined
        ? Math.round(by > 0 ? base * step : base / step)
        : base + by * more.qpm);
    delete now.spec.tempo;
    return;
  }
  const scale: readonly string[] = SCALES[of];
  const before = scale.indexOf(whole.fields[of] ?? scale[1]!);
  const value = scale[Math.min(2, Math.max(0, before + by))]!;
  Object.assign(now.spec, { [of]: value });
}
