/**
 * Makes a finished piece of a prompt, of music to start from, or of both: fills in
 * what is asked, samples drafts, arranges the parts, compares the result with what
 * was asked, and keeps the first draft that has it.
 */

import {
  arrange,
  type ArrangementOptions,
  leadersOf,
} from "../arrangement/arrangement.ts";
import {
  finishPiece,
  type GeneratedPiece,
  type GenerationOptions,
  type Generator,
  type Passage,
  type Seed,
  unusualAmong,
} from "../generation/generation.ts";
import { Random } from "../base/base.ts";
import {
  BarLines,
  DEFAULT_QPM,
  findKey,
  keyOfAttributes,
  type NoteSequence,
  type PieceSpec,
  type PlacedChord,
  secondsToTicks,
} from "../music/music.ts";
import type { ParsedPrompt } from "../prompt/prompt.ts";
import { askedOf, placedChords } from "./asked_bars.ts";
import { type ComposedSection, composeSections } from "./compose_sections.ts";
import { freeTargets } from "./for_model.ts";
import { joinBars } from "./continuation.ts";
import { type Delivered, delivered } from "./delivered.ts";
import { newBarsOf } from "./new_bars.ts";
import {
  type CompositionOptions,
  type Preparation,
  prepare,
} from "./prepare.ts";
import { notesOn, notesOnEnd } from "./told_notes.ts";
import { motionOf } from "./motion_asked.ts";
import { drumsOf } from "./style_drums.ts";
import { varyPassage, withAsked } from "./variation.ts";

/** A finished piece, and how it was made. */
export interface Composition {
  /** The piece, arranged. */
  readonly sequence: NoteSequence;
  /** The prompt as it was read. */
  readonly prompt: ParsedPrompt;
  /** Sentences on what could only be met approximately. */
  readonly notes: readonly string[];
  /** What was asked and what came out, line by line. */
  readonly delivered: readonly Delivered[];
  /** Its sections in order of time; none where it is one. */
  readonly sections: readonly ComposedSection[];
  /** Whether its end leads back into its beginning. */
  readonly isLoop: boolean;
  /** The chords that were asked, where they begin. */
  readonly chords: readonly PlacedChord[];
  /** Seed of every random choice: given again, it makes the same piece. */
  readonly randomSeed: number;
  /** By token of the seed that the model does not know: the one in its place. */
  readonly replaced: ReadonlyMap<string, string>;
  /** The piece as the model made it, before finishing and arranging. */
  readonly piece: GeneratedPiece;
}

/**
 * Where the off-beat of a lo-fi piece falls in its beat; 0.5 is straight. More would
 * be another position on the grid, and those are for the model to choose.
 */
const LOFI_SWING = 0.52;
/** The latest off-beat that `arrange` takes. */
const MOST_SWING = 0.75;
/** Most drafts that are sampled from the model alone, before one is steered. */
const FREE_DRAFTS = 8;
/** Most drafts that meet every wish, but are unusual in the corpus. */
const USUAL_DRAFTS = 4;
/** So many bars they may have together: drafts of a long piece would take long. */
const DRAFT_BARS = 400;
/** About a second's worth of tokens, after which no more drafts are made. */
const DRAFT_TOKENS = 12_000;
/** What density the last draft is led to, by what is asked: it tends to lag behind. */
const DENSITY_AIM = 1.4;

/**
 * Makes a piece. An unprompted one copies the profile of a training piece. Of several
 * drafts it keeps the first that meets every wish and is usual in the corpus, or else,
 * of those that miss fewest, the most usual one.
 *
 * @param generator A model of REMI tokens.
 * @param text The prompt; "" asks for nothing.
 * @throws {PromptError} If the prompt cannot be followed.
 * @throws {RangeError} If the options make no sense, or the model's tokens are
 * not REMI.
 *
 * ```ts ignore
 * using generator = await Generator.open(await loadBest(folder));
 * const { sequence } = await compose(generator, "calm piano", { randomSeed: 7 });
 * await Deno.writeFile("calm.mid", writeMidi(sequence));
 * ```
 */
export async function compose(
  generator: Generator,
  text: string,
  options: CompositionOptions = {},
): Promise<Composition> {
  const preparation = prepare(generator, text, options);
  const { spec, seed } = preparation;
  const { variation, onProgress } = options;
  if (preparation.sections) {
    return await sectioned(generator, preparation, options);
  }
  if (variation) {
    return finish(
      preparation,
      await vary(generator, variation, { ...spec, onProgress }),
      variation,
    );
  }
  const unusualIn = unusualAmong(generator.checkpoint.corpus.profiles);
  let sampled = 0, withAll = 0, best: Composition | undefined;
  let [leastMissed, leastUnusual] = [Infinity, Infinity];
  for (const { draft, isSure } of draftsOf(preparation)) {
    if (withAll === USUAL_DRAFTS) break;
    if (!isSure && sampled > DRAFT_TOKENS) continue;
    const before = sampled;
    const piece = await generator.generate({
      ...withStart(draft, seed),
      onProgress: (tokens, bars) => onProgress?.(before + tokens, bars),
    });
    sampled += piece.tokens.length;
    const made = finish(preparation, piece);
    const missed = missedBy(made);
    if (missed === 0) withAll++;
    // Music that goes on from other music need not be as the corpus is.
    const unusual = seed ? 0 : unusualIn(piece.sequence);
    if (
      missed < leastMissed || missed === leastMissed && unusual < leastUnusual
    ) [best, leastMissed, leastUnusual] = [made, missed, unusual];
    if (missed + unusual === 0) break;
  }
  return best!;
}

/** Makes a piece of several sections, or one with events. */
async function sectioned(
  generator: Generator,
  preparation: Preparation,
  options: CompositionOptions,
): Promise<Composition> {
  const { prompt, spec, sections = [], randomSeed } = preparation;
  const { notes, ...made } = await composeSections(
    generator,
    { ...preparation, swing: swingOf(preparation) },
    sections,
    options,
  );
  return {
    ...made,
    prompt,
    notes: [
      ...spec.notes ?? [],
      ...notes,
      ...notesOnEnd(preparation),
      ...notesOn(preparation),
    ],
    isLoop: spec.loop ?? false,
    chords: placedChords(askedOf(preparation), made.sequence),
    randomSeed,
    replaced: new Map(),
  };
}

/**
 * The specs of the drafts of a piece, and which of them are made however long the
 * others took. The first ones leave the model alone: what it makes by itself is more
 * natural than what it is pushed to. The last two are steered.
 */
function draftsOf(
  { spec, seed, randomSeed }: Preparation,
): { readonly draft: PieceSpec; readonly isSure: boolean }[] {
  const { bars = Infinity, targets = {} } = spec;
  if (seed) return [{ draft: spec, isSure: true }];
  const random = new Random(randomSeed);
  const free = Math.min(FREE_DRAFTS, Math.floor(DRAFT_BARS / bars));
  const alone = Array.from({ length: free }, (_, i) => ({
    draft: {
      ...spec,
      targets: freeTargets(spec),
      randomSeed: i === 0 ? randomSeed : random.int(2 ** 31),
    },
    isSure: false,
  }));
  const { density } = targets;
  const again = {
    ...spec,
    targets: {
      ...targets,
      ...density && {
        density: [DENSITY_AIM * density[0], DENSITY_AIM * density[1]] as const,
      },
    },
    randomSeed: random.int(2 ** 31),
  };
  return [
    ...alone,
    { draft: spec, isSure: true },
    { draft: again, isSure: false },
  ];
}

/** How many of the wishes a piece does not meet, and of equals how far. */
function missedBy({ delivered }: Composition): number {
  return delivered.reduce(
    (sum, { met, missing = 0 }) => met ? sum : sum + 1 + missing,
    0,
  );
}

/** Finishes and arranges what the model made, and compares it with what was asked. */
function finish(
  preparation: Preparation,
  piece: GeneratedPiece,
  variation?: CompositionOptions["variation"],
): Composition {
  const { prompt, asked, spec, seed, start } = preparation;
  const { loop: isLoop = false } = spec;
  const sequence = variation?.of.passage
    ? withAsked(
      varyPassage(variation.of.passage, piece.tokens),
      asked,
      spec.qpm,
    )
    : seed?.passage
    ? goOn(preparation, seed.passage, piece)
    : arrange(finishPiece(piece.sequence, spec), {
      ...arrangementOf(preparation, piece.sequence),
      // Chords that are asked for hold to the end.
      closes: !isLoop && !variation &&
        (!spec.chords || asked.close !== undefined),
      ...asked.close && { close: asked.close },
      ...asked.cutsOff && { cutsOff: true },
      loops: isLoop && !variation,
    });
  const join = variation ? 0 : joinOf(seed, sequence);
  const firstBar = BarLines.of(sequence).barAt(join);
  return {
    sequence,
    prompt,
    notes: [
      ...spec.notes ?? [],
      ...notesOnEnd(preparation),
      ...notesOn(preparation),
    ],
    delivered: delivered(asked, sequence, join),
    sections: [],
    isLoop,
    chords: variation
      ? []
      : placedChords(askedOf(preparation, firstBar), sequence),
    randomSeed: preparation.randomSeed,
    replaced: (seed ?? start)?.replaced ?? new Map(),
    piece,
  };
}

/**
 * Varies what the model hears of a piece, unless that is nothing or nothing is to
 * change.
 */
async function vary(
  generator: Generator,
  { of, distance }: NonNullable<CompositionOptions["variation"]>,
  options: GenerationOptions,
): Promise<GeneratedPiece> {
  if (!of.passage || of.tokens.length > 0 && distance !== 0) {
    return await generator.vary(of.tokens, distance, {
      ...options,
      // The notes' own lengths decide, without the pedal; see varyPassage().
      mayRestrike: of.passage !== undefined,
    });
  }
  return {
    sequence: of.passage.heard.music,
    tokens: of.tokens,
    seedLength: of.tokens.length,
    natsPerToken: 0,
    tokensPerSecond: 0,
  };
}

/** Joins the new bars, arranged, to the passage that they go on from. */
function goOn(
  preparation: Preparation,
  passage: Passage,
  piece: GeneratedPiece,
): NoteSequence {
  const { asked, spec, newBars: bars, seed } = preparation;
  const isLoop = spec.loop ?? false;
  const qpm = spec.qpm ?? DEFAULT_QPM;
  const { music: made, goesOn } = newBarsOf(passage, piece.sequence, {
    heardBars: seed?.heardBars ?? 0,
    bars,
    spec,
    asked,
  });
  const music = arrange({ ...made, tempos: [{ ticks: 0, qpm }] }, {
    ...arrangementOf(preparation, made),
    closes: !isLoop && !spec.chords,
  });
  const { key } = spec.targets ?? {};
  const isKeyNew = passage.music.keySignatures.length === 0 ||
    asked.key !== undefined;
  const joined = joinBars(passage, { music, goesOn }, {
    bars,
    qpm,
    key: isKeyNew ? key : undefined,
    repeatsDrums: passage.heard.unheard.drums > 0 &&
      !asked.silent?.includes("drums"),
  });
  const { exactSeconds } = spec;
  // A passage that is longer by itself is not cut.
  const isCut = exactSeconds !== undefined &&
    secondsToTicks(joined, exactSeconds) > joinOf(seed, joined);
  return isCut ? finishPiece(joined, { exactSeconds }) : joined;
}

/** The tick at which new bars follow a passage, 0 without one. */
function joinOf(seed: Seed | undefined, { ticksPerQuarter }: NoteSequence) {
  if (!seed?.passage) return 0;
  const { music, endTicks } = seed.passage;
  return Math.round(endTicks * ticksPerQuarter / music.ticksPerQuarter);
}

/** The spec of a whole piece: what it goes on from, and how it ends. */
function withStart(spec: PieceSpec, seed: Seed | undefined): PieceSpec {
  const hasTokens = seed && (seed.tokens.length > 0 || !seed.passage);
  return {
    ...spec,
    ...hasTokens && { seed: seed.tokens },
    ending: spec.loop ? "loop" : "open",
  };
}

/** Where the off-beat lies, undefined where it is not to be moved. */
function swingOf({ asked }: Preparation): number | undefined {
  if (asked.swing !== undefined) {
    return Math.min(Math.max(asked.swing, 0.5), MOST_SWING);
  }
  return asked.styles?.includes("lo-fi") ? LOFI_SWING : undefined;
}

/** How to arrange a piece. */
export function arrangementOf(
  preparation: Preparation,
  made: NoteSequence,
): ArrangementOptions {
  const { asked, spec, addsDrums, randomSeed } = preparation;
  return {
    key: spec.targets?.key ?? keyOfAttributes(spec.attributes ?? {}) ??
      findKey(made),
    loudness: asked.loudness,
    partNames: spec.partNames,
    drums: drumsOf(asked),
    held: asked.held,
    players: asked.players,
    leaders: leadersOf(asked.partWishes),
    motion: motionOf(asked),
    swing: swingOf(preparation),
    addsDrums,
    randomSeed,
  };
}
