/** Chooses at random what a prompt leaves open and a piece must have. */

import type { Random } from "../base/base.ts";
import {
  INSTRUMENT_FAMILIES,
  type InstrumentName,
  type InstrumentRole,
  INSTRUMENTS,
  type PieceSpec,
  silencedPrograms,
} from "../music/music.ts";
import type { RemiAlphabet } from "../tokens/remi/remi.ts";

/** Bars of a piece of no stated length. */
const DEFAULT_BARS = 32;
/** Bars of an endless piece in a file; its end leads back to its beginning. */
const ENDLESS_BARS = 64;
/** Slowest and fastest tempo to choose, in quarter notes per minute. */
const TEMPI = [64, 88] as const;
/** By role: how often it joins the keys where no instruments are asked. */
const PARTS: readonly (readonly [InstrumentRole & InstrumentName, number])[] = [
  ["pad", 0.6],
  ["bass", 0.7],
  ["melody", 0.5],
  ["drums", 0.4],
];

/**
 * Fills in key, tempo, meter, length, density and ensemble, and gives the roles
 * asked for to instruments that the model knows.
 *
 * @param asked All of it is kept.
 * @param alphabet The model's REMI tokens.
 * @param random Takes as many numbers whatever was asked, so that a random seed
 * chooses the same beside any words.
 */
export function chooseTheRest(
  asked: PieceSpec,
  alphabet: RemiAlphabet,
  random: Random,
): PieceSpec {
  const tonic = random.int(12);
  const mode = random.pick(["major", "minor"] as const);
  const tempi = alphabet.valuesOf("Tempo").map(Number);
  const usual = tempi.filter((qpm) => qpm >= TEMPI[0] && qpm <= TEMPI[1]);
  const qpm = random.pick(usual.length > 0 ? usual : tempi);
  const playing = chooseEnsemble(
    asked,
    alphabet.valuesOf("Program").map(Number),
    alphabet.ids.Kit.length > 0,
    random,
  );
  const density = random.pick(["sparse", "medium", "medium"] as const);
  const meters = alphabet.valuesOf("TimeSignature");
  const { key, length, loop = false } = asked;
  const isEndless = length !== undefined && "endless" in length;
  return {
    ...asked,
    key: { tonic: key?.tonic ?? tonic, mode: key?.mode ?? mode },
    ...asked.qpm === undefined && asked.tempo === undefined && { qpm },
    meter: asked.meter ?? meters.find((one) => one === "4/4") ?? meters[0]!,
    ...isEndless
      ? { length: { bars: ENDLESS_BARS } }
      : !length && !loop && { length: { bars: DEFAULT_BARS } },
    loop: loop || isEndless,
    density: asked.density ?? density,
    playing,
  };
}

/** The instruments that play: those asked for, or else keys and who joins them. */
function chooseEnsemble(
  { playing = [], silent = [] }: PieceSpec,
  programs: readonly number[],
  hasKits: boolean,
  random: Random,
): InstrumentName[] {
  const gone = new Set(silent.flatMap(silencedPrograms));
  const isFree = (name: InstrumentName) =>
    name === "drums" ? hasKits && !silent.includes("drums") : INSTRUMENTS[name]
      .programs.some((one) => programs.includes(one) && !gone.has(one));
  const roles: InstrumentName[] = [];
  for (const [role, share] of PARTS) {
    if (random.next() < share && isFree(role)) roles.push(role);
  }
  const asked = playing.length > 0
    ? playing
    : isFree("keys")
    ? ["keys" as const, ...roles]
    : roles;
  return asked.map((name) => {
    const chance = random.next();
    const able = castingsOf(name, asked)
      .filter((one) => {
        const [program] = INSTRUMENTS[one].programs;
        return program !== undefined && programs.includes(program) &&
          !gone.has(program) &&
          !asked.includes(one);
      });
    return able[Math.floor(chance * able.length)] ?? name;
  });
}

/** Instruments that can take a role, unless one asked for fills it. */
function castingsOf(
  role: InstrumentName,
  asked: readonly InstrumentName[],
): InstrumentName[] {
  const { isRole, programs } = INSTRUMENTS[role];
  if (!isRole || role === "drums") return [];
  const exact = asked.filter((name) => !INSTRUMENTS[name].isRole);
  const isFilled = exact.some((name) =>
    INSTRUMENTS[name].programs.some((program) => programs.includes(program)) ||
    // Keys can carry the melody too.
    role === "melody" && INSTRUMENTS[name].role === "keys"
  );
  if (isFilled) return [];
  const [firstPiano, lastPiano] = INSTRUMENT_FAMILIES.Piano;
  return (Object.keys(INSTRUMENTS) as InstrumentName[]).filter((name) => {
    const instrument = INSTRUMENTS[name], [program] = instrument.programs;
    return !instrument.isRole && program !== undefined &&
      programs.includes(program) &&
      (role === "keys"
        ? program >= firstPiano && program <= lastPiano
        : instrument.role === role);
  });
}
