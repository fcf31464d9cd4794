/** Casts the instruments that a prompt names with programs that a model knows. */

import {
  type Attributes,
  familyOfProgram,
  INSTRUMENT_FAMILIES,
  type InstrumentFamily,
  type InstrumentName,
  type InstrumentRole,
  INSTRUMENTS,
  type PieceSpec,
  programName,
  silencedPrograms,
} from "../music/music.ts";
import { PromptError } from "../prompt/prompt.ts";
import type { Profile, RemiAlphabet } from "../tokens/remi/remi.ts";

/** The cast of a piece. */
export interface EnsemblePlan {
  /** Programs that may play. @default any */
  readonly programs?: readonly number[];
  /** Drum kits that may play. @default any */
  readonly kits?: readonly number[];
  /** Attributes that tell the model which families play. */
  readonly presence: Attributes;
  /** By stand-in: the program asked for, which is to sound in its place. */
  readonly soundingPrograms: ReadonlyMap<number, number>;
  /** By program that sounds: others that play the same notes. */
  readonly doubledBy: ReadonlyMap<number, readonly number[]>;
  /** By program that sounds: the name of the instrument asked for. */
  readonly partNames: ReadonlyMap<number, string>;
}

/** Instruments of a training piece. */
export type Cast = Pick<Profile["constraints"], "programs" | "kits">;

/**
 * Casts the instruments asked for with programs that the model knows.
 *
 * @param asked Read for the instruments that play or are silent.
 * @param alphabet The model's REMI tokens.
 * @param notes Gets a sentence for each stand-in.
 * @param usual Who plays where no instruments are asked, but for the silent ones,
 * and who takes the roles that are asked. @default free
 * @throws {PromptError} If nothing is left to play, or too little.
 */
export function planEnsemble(
  { playing = [], silent = [] }: PieceSpec,
  alphabet: RemiAlphabet,
  notes: string[],
  usual?: Cast,
): EnsemblePlan {
  const sounding: Sounding = {
    soundingPrograms: new Map(),
    doubledBy: new Map(),
    partNames: new Map(),
  };
  if (playing.length + silent.length === 0 && !usual) {
    return { presence: {}, ...sounding };
  }
  const hasKits = alphabet.ids.Kit.length > 0;
  const gone = new Set(silent.flatMap(silencedPrograms));
  const free = alphabet.numbersOf("Program")
    .filter((program) => !gone.has(program));
  if (playing.includes("drums") && !hasKits) {
    throw new PromptError(
      "drums",
      "this model has no drums. Leave them out, or train on music that has them.",
    );
  }
  const left = playing.length === 0 ? leftOf(usual, free, silent) : undefined;
  const drums = playing.length > 0
    ? playing.includes("drums")
    : left
    ? left.kits.length > 0
    : !silent.includes("drums");
  /** By instrument or role: the programs that may play it. */
  const voices = playing.length === 0
    ? (left?.programs ?? []).map((program) => [program])
    : castVoices(playing, { free, gone, usual }, sounding, notes);
  const programs = playing.length === 0 && !left
    ? free
    : [...new Set(voices.flat())].sort((a, b) => a - b);
  if (programs.length === 0 && !(drums && hasKits)) {
    throw new PromptError(
      "",
      "nothing is left to play it. Leave one of the instruments in.",
    );
  }
  return {
    programs,
    ...drums ? usual && { kits: kitsOf(usual, alphabet) } : { kits: [] },
    presence: presenceOf(programs, voices, {
      drums,
      isSure: playing.includes("drums") || left !== undefined,
    }),
    ...sounding,
  };
}

/** What sounds where the model plays something else, or less. */
interface Sounding {
  readonly soundingPrograms: Map<number, number>;
  readonly doubledBy: Map<number, number[]>;
  readonly partNames: Map<number, string>;
}

/** The usual drum kits, or else the model's first. */
function kitsOf({ kits }: Cast, alphabet: RemiAlphabet): readonly number[] {
  return kits.length > 0 ? kits : alphabet.numbersOf("Kit").slice(0, 1);
}

/** The usual instruments but for the silent ones; undefined where all are. */
function leftOf(
  usual: Cast | undefined,
  free: readonly number[],
  silent: readonly InstrumentName[],
): Cast | undefined {
  if (!usual) return undefined;
  const programs = usual.programs.filter((program) => free.includes(program));
  const kits = silent.includes("drums") ? [] : usual.kits;
  return programs.length + kits.length > 0 ? { programs, kits } : undefined;
}

/** Attributes of the families that play for sure, and of those that do not. */
function presenceOf(
  programs: readonly number[],
  voices: readonly (readonly number[])[],
  { drums, isSure }: { readonly drums: boolean; readonly isSure: boolean },
): Attributes {
  const presence: [string, string][] = [];
  for (const family of Object.keys(INSTRUMENT_FAMILIES)) {
    const isIn = (program: number) => familyOfProgram(program) === family;
    if (!programs.some(isIn)) presence.push([`Has${family}`, "0"]);
    else if (voices.some((voice) => voice.every(isIn))) {
      presence.push([`Has${family}`, "1"]);
    }
  }
  if (!drums) presence.push(["HasDrums", "0"]);
  else if (isSure) presence.push(["HasDrums", "1"]);
  return Object.fromEntries(presence) as Attributes;
}

/**
 * Finds known programs for what is asked: one for an instrument, the usual or its
 * likeliest, and for a role the usual, or all that can take it.
 */
function castVoices(
  playing: readonly InstrumentName[],
  { free, gone, usual }: {
    readonly free: readonly number[];
    readonly gone: ReadonlySet<number>;
    readonly usual: Cast | undefined;
  },
  { soundingPrograms, doubledBy, partNames }: Sounding,
  notes: string[],
): number[][] {
  const pitched = playing.filter((name) => name !== "drums");
  const exact = pitched.filter((name) => !INSTRUMENTS[name].isRole);
  const roles = pitched.filter((name) => INSTRUMENTS[name].isRole);
  const taken = new Set<number>();
  const voices: number[][] = [];
  const missing: InstrumentName[] = [];
  const usualOf = (able: readonly number[]) =>
    able.find((one) => usual?.programs.includes(one)) ?? able[0]!;
  const take = (program: number) => {
    taken.add(program);
    voices.push([program]);
  };
  for (const name of exact) {
    const able = INSTRUMENTS[name].programs.filter((one) =>
      free.includes(one) && !taken.has(one)
    );
    if (able.length === 0) missing.push(name);
    else {
      const program = usualOf(able);
      take(program);
      partNames.set(program, name);
    }
  }
  // A keyboard that is named can carry the melody too.
  const hasKeys = exact.some((name) => INSTRUMENTS[name].role === "keys");
  for (const name of roles) {
    const { role, programs } = INSTRUMENTS[name];
    // A named instrument fills it, also one that the model never heard.
    const isFilled = [...taken].some((program) => programs.includes(program)) ||
      missing.some((other) =>
        INSTRUMENTS[other].programs.some((one) => programs.includes(one))
      );
    if (isFilled || role === "melody" && hasKeys) continue;
    const able = programs.filter((program) => free.includes(program));
    if (able.length === 0) missing.push(name);
    else voices.push(usual ? [usualOf(able)] : able);
  }
  // Last, so that no stand-in takes a program that another name asks for.
  const inUse = new Set(voices.flat());
  const heard = new Set([...inUse, ...gone]);
  for (const name of missing) {
    const { role, programs } = INSTRUMENTS[name];
    // Only drums have no programs. Of those free to sound, one that is not yet heard.
    const wanted = programs.find((one) => !heard.has(one)) ?? programs[0]!;
    const of = { role, program: wanted };
    const standIn = bestStandIn(of, free.filter((one) => !inUse.has(one)));
    heard.add(wanted);
    if (standIn === undefined) {
      const partner = bestStandIn(of, [...inUse]);
      // Without one nothing is left to play; the caller says so.
      if (partner === undefined) continue;
      const sounds = soundingPrograms.get(partner) ?? partner;
      doubledBy.set(sounds, [...doubledBy.get(sounds) ?? [], wanted]);
      partNames.set(wanted, name);
      notes.push(
        `The model knows too few instruments to give ${name} a part of its own; it plays along with ${
          partNames.get(sounds) ?? programName(sounds)
        }.`,
      );
      continue;
    }
    inUse.add(standIn);
    take(standIn);
    soundingPrograms.set(standIn, wanted);
    partNames.set(wanted, name);
    notes.push(
      `The model never heard ${name}; it writes that part as ${
        programName(standIn)
      }, and ${name} plays it, within its range.`,
    );
  }
  return voices;
}

/** The candidate whose music is likeliest to suit a role and a program. */
function bestStandIn(
  { role, program: wanted }: {
    readonly role: InstrumentRole;
    readonly program: number;
  },
  candidates: readonly number[],
): number | undefined {
  const family = familyOfProgram(wanted);
  const farness = (program: number) =>
    (familyOfProgram(program) === family ? 0 : 1000) +
    (usualRoles(program).includes(role) ? 0 : 2000) +
    Math.abs(program - wanted);
  return candidates.toSorted((a, b) => farness(a) - farness(b))[0];
}

const USUAL_ROLES: Readonly<
  Record<InstrumentFamily, readonly InstrumentRole[]>
> = {
  Piano: ["keys", "melody"],
  Mallets: ["melody", "keys"],
  Organ: ["keys", "pad"],
  Guitar: ["keys", "melody"],
  Bass: ["bass"],
  Strings: ["pad"],
  Winds: ["melody"],
  Lead: ["melody"],
  Pad: ["pad"],
  Drums: ["drums"],
};

function usualRoles(program: number): readonly InstrumentRole[] {
  const family = familyOfProgram(program);
  return family === undefined ? ["melody"] : USUAL_ROLES[family];
}
