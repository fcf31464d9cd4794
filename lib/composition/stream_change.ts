/** A later prompt of a stream that changes what plays: "faster, with drums". */

import {
  DENSITY_BANDS,
  type Instrument,
  type InstrumentName,
  INSTRUMENTS,
  LOUDNESS_BANDS,
  type PieceConstraints,
  type PieceSpec,
  REGISTER_BANDS,
} from "../music/music.ts";

/** "Faster" multiplies the tempo by this, "slower" divides it. */
const TEMPO_STEP = 1.2;
/** Tempi that steps keep to, in quarter notes per minute. */
const SLOWEST = 40, FASTEST = 200;

/** What plays before a change. */
export interface Played extends Pick<PieceConstraints, "programs" | "kits"> {
  /** Quarter notes per minute. */
  readonly qpm: number;
}

/** What plays after a change. */
export interface StreamChange {
  /** All that is asked from now on. */
  readonly asked: PieceSpec;
  /** A sentence on it. */
  readonly note: string;
}

/**
 * Reads a prompt as a change to what plays. "Faster" alone would be a tempo that rises
 * in the course of a piece; of a stream, which has no end, it is a step from what plays,
 * and all that it leaves open stays: key, instruments, density.
 *
 * @param request The prompt as it was read.
 * @param held What was asked of what plays.
 * @param played Its tempo and instruments, asked or not.
 * @returns undefined if the prompt asks for something new.
 */
export function changeOf(
  request: PieceSpec,
  held: PieceSpec,
  played: Played,
): StreamChange | undefined {
  const { sections = [], events = [], moods = [], styles = [], ...own } =
    request;
  const { playing = [], silent = [], loop: _, ...others } = own;
  const isOther = events.length > 0 || moods.length > 0 || styles.length > 0 ||
    others.tempo !== undefined || others.length !== undefined;
  const steps = isOther ? undefined : stepsOf(sections);
  if (!steps) return undefined;
  // What plays goes on beside what is added, also where nobody asked for it.
  const asked = held.playing ?? [];
  const before = asked.length > 0 || playing.length === 0
    ? asked
    : namesOf(played);
  const { qpm } = played;
  const names = [...new Set([...before, ...playing])]
    .filter((name) => !silent.includes(name));
  const quiet = [...new Set([...held.silent ?? [], ...silent])]
    .filter((name) => !playing.includes(name));
  const { tempo: _tempo, ...rest } = held;
  const clamp = (value: number) =>
    Math.round(Math.min(FASTEST, Math.max(SLOWEST, value)));
  const newQpm = others.qpm ?? clamp(qpm * TEMPO_STEP ** steps.tempo);
  const density = steps.density &&
    moved(DENSITY_BANDS, held.density, steps.density);
  const loudness = steps.loudness &&
    moved(LOUDNESS_BANDS, held.loudness, steps.loudness);
  const register = steps.register &&
    moved(REGISTER_BANDS, held.register, steps.register);
  const changes = [
    ...newQpm !== Math.round(qpm) ? [`${newQpm} bpm`] : [],
    ...density ? [`density ${density}`] : [],
    ...loudness ? [`loudness ${loudness}`] : [],
    ...register ? [`register ${register}`] : [],
    ...playing.length > 0 ? [`with ${names.join(", ")}`] : [],
    ...silent.length > 0 ? [`without ${silent.join(", ")}`] : [],
  ];
  return {
    asked: {
      ...rest,
      ...others,
      qpm: newQpm,
      ...density && { density },
      ...loudness && { loudness },
      ...register && { register },
      playing: names,
      silent: quiet,
    },
    note: `What played goes on, changed: ${changes.join("; ")}.`,
  };
}

/** By how many steps each goes up; undefined if the prompt has no such words. */
function stepsOf(sections: NonNullable<PieceSpec["sections"]>) {
  const [first, second, ...more] = sections;
  if (!first || first.name !== undefined || more.length > 0) return undefined;
  // "Higher" is read as two sections, of which the first is low.
  const wanted = second ? "register" : "";
  const specs = [first.spec, ...second ? [second.spec] : []];
  if (specs.some((spec) => Object.keys(spec).join() !== wanted)) {
    return undefined;
  }
  const { curve = {} } = first;
  const steps = {
    tempo: directionOf(curve.qpm),
    density: directionOf(curve.density),
    loudness: directionOf(curve.velocity),
    register: second ? second.spec.register === "high" ? 1 : -1 : 0,
  };
  return Object.values(steps).some((step) => step !== 0) ? steps : undefined;
}

/** Instruments that play, by the names that prompts have for them. */
function namesOf({ programs = [], kits = [] }: Played): InstrumentName[] {
  const known = Object.entries(INSTRUMENTS) as [InstrumentName, Instrument][];
  const named = programs.flatMap((program) =>
    known.find(([, { isRole, programs }]) => !isRole && programs[0] === program)
      ?.[0] ?? []
  );
  return [...named, ...kits.length > 0 ? ["drums" as const] : []];
}

function directionOf(curve: readonly number[] | undefined): number {
  return curve ? Math.sign(curve.at(-1)! - curve[0]!) : 0;
}

/** The band so many steps up from one, or from the middle. */
function moved<Name extends string>(
  bands: readonly { readonly name: Name }[],
  from: Name | undefined,
  steps: number,
): Name {
  const at = bands.findIndex(({ name }) => name === from);
  const start = at < 0 ? (bands.length - 1) / 2 : at;
  const to = Math.round(start) + steps;
  return bands[Math.min(bands.length - 1, Math.max(0, to))]!.name;
}
