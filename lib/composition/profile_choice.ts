/** Chooses the training piece whose profile fills in what a prompt leaves open. */

import type { Random } from "../base/base.ts";
import type { Seed } from "../generation/generation.ts";
import {
  bandOf,
  INSTRUMENTS,
  LENGTH_BANDS,
  majorOrMinor,
  type PieceSpec,
  PITCH_CLASS_NAMES,
  silencedPrograms,
  TEMPO_BANDS,
} from "../music/music.ts";
import type { Profile, RemiAlphabet } from "../tokens/remi/remi.ts";

/** The choice is among at least so many profiles, those that fit best. */
const CHOICE = 5;
/** Largest ratio of two tempi that are near, either way. */
const NEAR_TEMPO = 1.12;
/** Length, and preferred tempo and meter, where no profile is known. */
const PLAIN_BARS = 32, PLAIN_QPM = 72, PLAIN_METER = "4/4";

/**
 * Chooses one of the profiles that fit best what is asked.
 *
 * @param profiles Of the training pieces, at least one.
 * @param random Gives one number whatever is asked.
 */
export function chooseProfile(
  asked: PieceSpec,
  profiles: readonly Profile[],
  random: Random,
): Profile {
  const costs = profiles.map((profile) => misfit(asked, profile));
  const worst = costs.toSorted((a, b) => a - b)[
    Math.min(CHOICE, costs.length) - 1
  ]!;
  return random.pick(profiles.filter((_, i) => costs[i]! <= worst));
}

/** How badly a profile fits what is asked; what hangs together most costs most. */
function misfit(
  { key, qpm, tempo, meter, length, density, register, loudness, ...asked }:
    PieceSpec,
  { attributes, constraints }: Profile,
): number {
  const ratio = qpm === undefined ? 1 : qpm / constraints.qpm;
  const bars = length && "bars" in length ? length.bars : undefined;
  const rows: readonly (readonly [cost: number, isMet: boolean])[] = [
    [8, meter === undefined || meter === constraints.meter],
    // Files say 1/4 that never asked what their meter is.
    [8, meter !== undefined || !constraints.meter.startsWith("1/")],
    [
      3,
      tempo === undefined || tempo === bandOf(TEMPO_BANDS, constraints.qpm),
    ],
    [3, Math.max(ratio, 1 / ratio) <= NEAR_TEMPO],
    [3, density === undefined || density === attributes.Density],
    [2, register === undefined || register === attributes.Register],
    [2, loudness === undefined || loudness === attributes.Loudness],
    [2, key?.mode === undefined || majorOrMinor(key.mode) === attributes.Mode],
    [
      1,
      bars === undefined ||
      bandOf(LENGTH_BANDS, bars) === bandOf(LENGTH_BANDS, constraints.bars),
    ],
  ];
  return rows.reduce(
    (sum, [cost, isMet]) => isMet ? sum : sum + cost,
    castMisfit(asked, constraints),
  );
}

/** How badly the instruments of a profile fit those asked for. */
function castMisfit(
  { playing = [], silent = [] }: PieceSpec,
  { programs, kits }: Profile["constraints"],
): number {
  const hasDrums = kits.length > 0;
  const gone = silent.flatMap(silencedPrograms);
  let cost = 2 * programs.filter((program) => gone.includes(program)).length +
    (silent.includes("drums") && hasDrums ? 2 : 0);
  if (playing.length === 0) return cost;
  for (const name of playing) {
    const plays = name === "drums"
      ? hasDrums
      : programs.some((program) =>
        INSTRUMENTS[name].programs.includes(program)
      );
    if (!plays) cost += 2;
  }
  const able = playing.flatMap((name) => INSTRUMENTS[name].programs);
  cost += programs.filter((program) => !able.includes(program)).length;
  return hasDrums && !playing.includes("drums") ? cost + 1 : cost;
}

/** A profile for a model that keeps none: all its instruments, in any key. */
export function plainProfile(alphabet: RemiAlphabet, random: Random): Profile {
  const meters = alphabet.valuesOf("TimeSignature");
  const tempi = alphabet.numbersOf("Tempo");
  return {
    attributes: {
      Key: random.pick(PITCH_CLASS_NAMES),
      Mode: random.pick(["major", "minor"]),
    },
    constraints: {
      bars: PLAIN_BARS,
      qpm: tempi.toSorted((a, b) =>
        Math.abs(a - PLAIN_QPM) - Math.abs(b - PLAIN_QPM)
      )[0]!,
      meter: meters.find((one) => one === PLAIN_METER) ?? meters[0]!,
      programs: alphabet.numbersOf("Program"),
      kits: alphabet.numbersOf("Kit"),
      ranges: {},
    },
    density: 0,
  };
}

/** What a piece takes over from the music that it goes on from or varies. */
export function profileOfSeed(
  { tokens, spec, bars }: Seed,
): Profile | undefined {
  if (!spec || tokens.length === 0) return undefined;
  const { qpm, meter, constraints: { programs = [], kits = [] } = {} } = spec;
  if (qpm === undefined || meter === undefined) return undefined;
  return {
    attributes: {},
    constraints: { bars, qpm, meter, programs, kits, ranges: {} },
    density: 0,
  };
}
