/** Collects a request phrase by phrase, and refuses contradictions. */

import {
  type Band,
  type InstrumentName,
  INSTRUMENTS,
  type PieceLength,
  type PieceSpec,
  PITCH_CLASS_NAMES,
  type ScaleName,
  silencedPrograms,
  TEMPO_BANDS,
} from "../music/music.ts";
import {
  type Character,
  characterOf,
  meanAffect,
  type MoodName,
  MOODS,
  MOST_APART,
  type StyleName,
  STYLES,
} from "./moods.ts";
import { PromptError } from "./prompt_error.ts";

/** What a prompt asks for; its lists are empty where nothing was named. */
export type PromptSpec =
  & PieceSpec
  & Required<
    Pick<PieceSpec, "playing" | "silent" | "moods" | "styles" | "loop">
  >;

/** A phrase of the prompt and what it was taken to mean. */
export interface Understood {
  /** As written. */
  readonly phrase: string;
  /** In the words of this project. */
  readonly meaning: string;
}

/** Fields of which a prompt has one; of a key its two halves. */
interface Single {
  tonic: number;
  mode: ScaleName;
  qpm: number;
  tempo: NonNullable<PieceSpec["tempo"]>;
  length: PieceLength;
  meter: string;
  density: NonNullable<PieceSpec["density"]>;
  register: NonNullable<PieceSpec["register"]>;
  loudness: NonNullable<PieceSpec["loudness"]>;
  temperature: number;
  randomSeed: number;
  loop: boolean;
}

/** What a prompt has asked for so far. */
export class PromptDraft {
  readonly understood: { phrase: string; meaning: string }[] = [];
  readonly #said: Partial<Single> = {};
  /** By field: the phrase that set it. */
  readonly #phrases = new Map<string, string>();
  readonly #moods: { name: MoodName; echo: { meaning: string } }[] = [];
  readonly #styles: { name: StyleName; echo: { meaning: string } }[] = [];
  /** Keys of no stated mode. */
  readonly #tonics: { meaning: string }[] = [];
  readonly #playing = new Map<InstrumentName, string>();
  readonly #silent = new Map<InstrumentName, string>();

  /** Adds to what was understood; returns the entry. */
  echo(phrase: string, meaning: string): { phrase: string; meaning: string } {
    const entry = { phrase, meaning };
    this.understood.push(entry);
    return entry;
  }

  /**
   * Sets a field.
   *
   * @throws {PromptError} If the prompt has set it to something else.
   */
  set<F extends keyof Single>(
    field: F,
    value: Single[F],
    phrase: string,
    meaning: string,
  ): void {
    this.#set(field, value, phrase);
    this.echo(phrase, meaning);
  }

  /** Sets tonic, mode or both; undefined leaves one open. */
  setKey(
    tonic: number | undefined,
    mode: ScaleName | undefined,
    phrase: string,
  ): void {
    if (tonic !== undefined) this.#set("tonic", tonic, phrase);
    if (mode !== undefined) this.#set("mode", mode, phrase);
    const name = tonic === undefined ? "" : `${PITCH_CLASS_NAMES[tonic]} `;
    const entry = this.echo(
      phrase,
      `key: ${name}${mode ? modeName(mode) : ""}`,
    );
    // The mode is known only at the end.
    if (mode === undefined) this.#tonics.push(entry);
  }

  #set<F extends keyof Single>(field: F, value: Single[F], phrase: string) {
    const before = this.#said[field];
    if (
      before !== undefined && JSON.stringify(before) !== JSON.stringify(value)
    ) {
      this.#contradict(this.#phrases.get(field)!, phrase, FIELD_NAMES[field]);
    }
    this.#said[field] = value;
    this.#phrases.set(field, phrase);
  }

  #contradict(first: string, second: string, what: string): never {
    throw new PromptError(
      second,
      `"${first}" and "${second}" contradict each other: a piece has one ${what}. Leave one of them out.`,
    );
  }

  play(name: InstrumentName, phrase: string): void {
    this.#requireAgreement(this.#silent, name, phrase, "silenced");
    if (!this.#playing.has(name)) this.#playing.set(name, phrase);
    this.echo(phrase, `with ${name}`);
  }

  silence(name: InstrumentName, phrase: string): void {
    this.#requireAgreement(this.#playing, name, phrase, "playing");
    if (!this.#silent.has(name)) this.#silent.set(name, phrase);
    this.echo(phrase, `without ${name}`);
  }

  #requireAgreement(
    others: ReadonlyMap<InstrumentName, string>,
    name: InstrumentName,
    phrase: string,
    otherwise: "silenced" | "playing",
  ): void {
    for (const [other, before] of others) {
      const [asked, gone] = otherwise === "silenced"
        ? [name, other]
        : [other, name];
      const silenced = silencedPrograms(gone);
      const { programs } = INSTRUMENTS[asked];
      if (
        asked !== gone && (programs.length === 0 ||
          !programs.every((program) => silenced.includes(program)))
      ) continue;
      throw new PromptError(
        phrase,
        `"${before}" and "${phrase}" contradict each other: ${asked} cannot play and be silent. Leave one of them out.`,
      );
    }
  }

  addMood(name: MoodName, phrase: string): void {
    const place = MOODS.get(name)!;
    for (const { name: other } of this.#moods) {
      const { valence, arousal } = MOODS.get(other)!;
      if (
        Math.abs(valence - place.valence) <= MOST_APART &&
        Math.abs(arousal - place.arousal) <= MOST_APART
      ) continue;
      throw new PromptError(
        phrase,
        `${other} and ${name} contradict each other: music cannot well be both at once. Leave one of them out.`,
      );
    }
    const echo = this.echo(phrase, `mood: ${name}`);
    if (this.#moods.every((mood) => mood.name !== name)) {
      this.#moods.push({ name, echo });
    }
  }

  addStyle(name: StyleName, phrase: string): void {
    const echo = this.echo(phrase, `style: ${name}`);
    if (this.#styles.every((style) => style.name !== name)) {
      this.#styles.push({ name, echo });
    }
  }

  /**
   * The request. What was said outright overrides moods, these override styles,
   * and of each kind the first named overrides the others.
   *
   * @throws {PromptError} If a word for the tempo and a number contradict.
   */
  finish(): PromptSpec {
    this.#checkTempo();
    const { tonic, mode, loop = false, ...said } = this.#said;
    const has = (field: keyof Character) =>
      (field === "mode" ? mode : said[field]) !== undefined ||
      field === "tempo" && said.qpm !== undefined;
    const filled: { -readonly [F in keyof Character]: Character[F] } = {};
    const fill = (character: Character, echoes: { meaning: string }[]) => {
      const added = (Object.keys(character) as (keyof Character)[])
        .filter((field) => !has(field) && filled[field] === undefined);
      for (const field of added) {
        Object.assign(filled, { [field]: character[field] });
      }
      const words = added.map((field) =>
        field === "mode" || field === "tempo"
          ? `${character[field]}`
          : `${character[field]} ${field}`
      );
      if (words.length === 0) return;
      for (const echo of echoes) echo.meaning += ` (${words.join(", ")})`;
    };
    if (this.#moods.length > 0) {
      fill(
        characterOf(meanAffect(this.#moods.map(({ name }) => name))),
        this.#moods.map(({ echo }) => echo),
      );
    }
    for (const { name, echo } of this.#styles) fill(STYLES[name], [echo]);
    // "In D" means D major.
    const wholeMode = mode ?? filled.mode ??
      (tonic === undefined ? undefined : "major");
    for (const entry of this.#tonics) entry.meaning += modeName(wholeMode!);
    const { mode: _, ...character } = filled;
    return {
      ...(wholeMode && {
        key: { ...(tonic !== undefined && { tonic }), mode: wholeMode },
      }),
      ...character,
      ...said,
      playing: [...this.#playing.keys()],
      silent: [...this.#silent.keys()],
      moods: this.#moods.map(({ name }) => name),
      styles: this.#styles.map(({ name }) => name),
      loop,
    };
  }

  /** Refuses a word and a number that are too far apart, such as slow and 140. */
  #checkTempo(): void {
    const { qpm, tempo } = this.#said;
    if (qpm === undefined || tempo === undefined) return;
    const bands: readonly Band[] = TEMPO_BANDS;
    const word = bands.findIndex((band) => band.name === tempo);
    const number = bands.findLastIndex((band) => band.from <= qpm);
    if (Math.abs(word - number) > 1) {
      this.#contradict(
        this.#phrases.get("tempo")!,
        this.#phrases.get("qpm")!,
        "tempo",
      );
    }
    // The number makes the word superfluous.
    delete this.#said.tempo;
  }
}

const FIELD_NAMES: Readonly<Record<keyof Single, string>> = {
  tonic: "key",
  mode: "mode",
  qpm: "tempo",
  tempo: "tempo",
  length: "length",
  meter: "meter",
  density: "density",
  register: "register",
  loudness: "loudness",
  temperature: "temperature",
  randomSeed: "seed",
  loop: "kind of ending",
};

/** The name of a mode: of "harmonicMinor" it is "harmonic minor". */
export function modeName(mode: ScaleName): string {
  return mode.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
