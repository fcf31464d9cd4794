/** Work with a piece in a notebook: takes side by side, a favourite, changes, undo. */

import { basename } from "@std/path";
import {
  type Changed,
  type Delivered,
  editWork,
  openWork,
  readWorkFile,
  redoWork,
  requireSameBefore,
  saveWork,
  undoWork,
  type Work,
} from "../composition/composition.ts";
import {
  expandPath,
  requireKnownNames,
  requireWritableFile,
} from "../base/base.ts";
import { deliveredTable, writePiece } from "../files/files.ts";
import type { Generator } from "../generation/generation.ts";
import {
  type DisplayObject,
  escapeXml,
  jupyterDisplay,
  pianoRoll,
  pianoRollGrid,
} from "../plot/plot.ts";
import { BarLines, ticksToSeconds } from "../music/music.ts";
import type { SynthesisOptions } from "../synthesis/synthesis.ts";
import { audioPlayer, fileLink, loopPlayer } from "./files.ts";
import { lines } from "./lines.ts";
import { display } from "./output.ts";
import { progress } from "./progress.ts";
import { requireNoStream } from "./stream_player.ts";

/** A piece by its MIDI file, such as `makePiece` gives. */
export type PieceFile = string | { readonly midiFile: string };

/** How a piece is changed. */
export interface ChangeOptions {
  /** The same seed gives the same notes. @default a new one each time */
  readonly randomSeed?: number;
  /**
   * The MIDI file to write. @default the piece's own
   */
  readonly midiFile?: string;
  /** How to render the sound. @default instruments built in code */
  readonly sound?: SynthesisOptions;
}

/** How {@linkcode redoPiece} works. */
export interface RedoPieceOptions extends ChangeOptions {
  /** How many takes. @default 3 */
  readonly takes?: number;
}

/** A piece after a change. As a cell's value it is one line. */
export interface KeptPiece extends Work, DisplayObject {
  /** The MIDI file written. */
  readonly midiFile: string;
}

/** Takes of a piece, each in files of its own. As a cell's value they are one line. */
export interface Takes extends DisplayObject {
  /** Where the one that is kept goes. */
  readonly midiFile: string;
  /** The first is take 1. */
  readonly takes: readonly (Changed & { readonly midiFile: string })[];
}

/** Names of all options; one that is misspelt would do nothing. */
const CHANGE_OPTIONS: Record<keyof ChangeOptions, true> = {
  randomSeed: true,
  midiFile: true,
  sound: true,
};

/** Takes that {@linkcode redoPiece} makes. */
const USUAL_TAKES = 3;

/**
 * Makes bars or parts of a piece anew, several times, and shows the takes side by
 * side. All the rest of the piece stays. Nothing is decided: the piece is as it was
 * until {@linkcode keepTake}.
 *
 * @param generator A model of REMI tokens.
 * @param piece A piece that was made, or the path of any MIDI file.
 * @param text Such as "bars 5-8 keys, calmer".
 * @returns The takes; their files are named "NAME.take1.mid" and so on. Beside each
 * is its sound, an MP3, or a WAV of a loop.
 * @throws {FileError} If the piece is not there, or files cannot be written.
 * @throws {PromptError} If the text cannot be followed.
 * @throws {RangeError} If an option is unknown.
 *
 * ```ts ignore
 * const takes = await redoPiece(generator, piece, "bars 5-8 keys, calmer");
 * await keepTake(takes, 2);
 * ```
 */
export async function redoPiece(
  generator: Generator,
  piece: PieceFile,
  text: string,
  options: RedoPieceOptions = {},
): Promise<Takes> {
  requireKnownNames(
    "options of redoPiece",
    [...Object.keys(CHANGE_OPTIONS), "takes"],
    Object.keys(options),
  );
  requireNoStream(generator);
  const { takes: count = USUAL_TAKES, randomSeed, sound } = options;
  const midiFile = expandPath(options.midiFile ?? pathOf(piece));
  const work = await openWork(generator, pathOf(piece), midiFile);
  const files = Array.from(
    { length: count },
    (_, i) => `${withoutEnding(midiFile)}.take${i + 1}.mid`,
  );
  for (const file of files) await requireWritableFile(file);
  const writing = progress("Composing", 0, { unit: "tokens" });
  const made = await redoWork(generator, work, text, {
    takes: count,
    randomSeed,
    onProgress: (tokens) => writing.update(tokens),
  });
  await writing.done(`${count} take${count === 1 ? "" : "s"}`);
  const takes = made.map((take, i) => ({ ...take, midiFile: files[i]! }));
  const rendering = progress("Rendering", count, { unit: "takes" });
  for (const [i, take] of takes.entries()) {
    await saveWork(take.midiFile, take);
    await writePiece([heardFile(take, take.midiFile)], take, sound);
    rendering.update(i + 1);
  }
  await rendering.done(`${basename(midiFile)}: ${text}`);
  await display(
    pianoRollGrid(
      takes.map(({ sequence }, i) => ({ title: `Take ${i + 1}`, sequence })),
      {
        title: text,
        subtitle: newBarsOf(takes[0]),
        columns: Math.min(count, USUAL_TAKES),
        marked: newBars(takes[0]),
      },
    ),
    sideBySide(
      takes.map((take, i) =>
        playerOf(take)(heardFile(take, take.midiFile), {
          label: `Take ${i + 1}`,
        })
      ),
    ),
    lines(takes[0]?.told ?? []),
    deliveredTable(rowsOf(takes)),
  );
  const written = takes.map(({ midiFile }) => midiFile).join(", ");
  return {
    midiFile,
    takes,
    [jupyterDisplay]: () => ({ "text/plain": `${text}: ${written}` }),
  };
}

/**
 * Makes a take the piece: it is written to the piece's own file, or to `midiFile` of
 * {@linkcode redoPiece}, which a piece of someone else's needs.
 *
 * @param take From 1.
 * @throws {RangeError} If there is no such take, the piece was changed since the takes
 * were made, or it began with that file.
 */
export async function keepTake(
  { takes, midiFile }: Takes,
  take: number,
  { sound }: Pick<ChangeOptions, "sound"> = {},
): Promise<KeptPiece> {
  const kept = takes[take - 1];
  if (!kept) {
    throw new RangeError(
      `Cannot keep take ${take}: there are takes 1 to ${takes.length}. Choose one of these.`,
    );
  }
  await requireSameBefore(midiFile, kept);
  return await finish(kept, { midiFile, title: `Take ${take}`, sound });
}

/**
 * Changes a whole piece, and shows it: key, tempo, loudness of parts, length.
 *
 * @param text Such as "up 2 semitones, 90 bpm, bass louder, 8 bars longer".
 * @throws {PromptError} If the text cannot be followed.
 *
 * ```ts ignore
 * await changePiece(generator, piece, "up 2 semitones, bass louder");
 * ```
 */
export async function changePiece(
  generator: Generator,
  piece: PieceFile,
  text: string,
  options: ChangeOptions = {},
): Promise<KeptPiece> {
  requireKnownNames(
    "options of changePiece",
    Object.keys(CHANGE_OPTIONS),
    Object.keys(options),
  );
  requireNoStream(generator);
  const { randomSeed, sound } = options;
  const midiFile = expandPath(options.midiFile ?? pathOf(piece));
  const work = await openWork(generator, pathOf(piece), midiFile);
  const made = await editWork(generator, work, text, { randomSeed });
  return await finish(made, { midiFile, title: text, sound });
}

/**
 * Takes back the last change of a piece, by making it again without it.
 *
 * @throws {RangeError} If there is none, or another model made the piece.
 */
export async function undoPiece(
  generator: Generator,
  piece: PieceFile,
  { sound }: Pick<ChangeOptions, "sound"> = {},
): Promise<KeptPiece> {
  requireNoStream(generator);
  const midiFile = pathOf(piece);
  const work = await openWork(generator, midiFile);
  const asked = work.recipe.steps.at(-1)?.asked ?? "";
  const made = await undoWork(generator, work, readWorkFile(midiFile));
  return await finish(made, { midiFile, title: `Without "${asked}"`, sound });
}

/** Writes a piece to its file and shows it. */
async function finish(
  work: Work,
  { midiFile, title, sound }: {
    readonly midiFile: string;
    readonly title: string;
    readonly sound: SynthesisOptions | undefined;
  },
): Promise<KeptPiece> {
  await saveWork(midiFile, work);
  const heard = heardFile(work, midiFile);
  const sounds = new Set([`${withoutEnding(midiFile)}.wav`, heard]);
  await writePiece([...sounds], work, sound);
  await display(
    pianoRoll(work.sequence, { title }),
    playerOf(work)(heard, { label: title }),
    ...[midiFile, ...sounds].map((path) => fileLink(path)),
  );
  const line = `${title}: ${midiFile}`;
  return {
    ...work,
    midiFile,
    [jupyterDisplay]: () => ({ "text/plain": line }),
  };
}

function playerOf({ isLoop }: Work) {
  return isLoop ? loopPlayer : audioPlayer;
}

/** What a player plays: an MP3, which exports embed, or a WAV, which loops need. */
function heardFile({ isLoop }: Work, midiFile: string): string {
  return `${withoutEnding(midiFile)}.${isLoop ? "wav" : "mp3"}`;
}

/** First and last bar that were made anew; undefined if all were. */
function newBars(take: Changed | undefined) {
  const step = take?.recipe.steps.at(-1);
  return step && "redo" in step ? step.redo.bars : undefined;
}

/** A line on which bars were made anew, and when they sound. */
function newBarsOf(take: Changed | undefined): string {
  const bars = newBars(take);
  if (!take || !bars) return "All bars are new.";
  const [first, last] = bars;
  const lines = BarLines.of(take.sequence);
  const [begin, end] = [first - 1, last].map((bar) =>
    formatClock(ticksToSeconds(take.sequence, lines.startOf(bar)))
  );
  return first === last
    ? `Bar ${first} is new, ${begin} to ${end}.`
    : `Bars ${first} to ${last} are new, ${begin} to ${end}.`;
}

/** Such as 1:05. */
function formatClock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** What was asked of the takes, and what each came out as. */
function rowsOf(takes: readonly Changed[]): Delivered[] {
  return takes.flatMap(({ delivered }, i) =>
    delivered.map((row) => ({ ...row, what: `take ${i + 1}: ${row.what}` }))
  );
}

/** Players in a row. */
function sideBySide(players: readonly DisplayObject[]): DisplayObject {
  return {
    [jupyterDisplay]: async () => {
      const bundles = await Promise.all(
        players.map((player) => player[jupyterDisplay]()),
      );
      const cells = bundles.map((bundle) =>
        `<div>${
          bundle["text/html"] ?? escapeXml(String(bundle["text/plain"]))
        }</div>`
      );
      return {
        "text/html": `<div style="display:flex;flex-wrap:wrap;gap:1em">${
          cells.join("")
        }</div>`,
        "text/plain": bundles.map((bundle) => bundle["text/plain"]).join("\n"),
      };
    },
  };
}

function pathOf(piece: PieceFile): string {
  return expandPath(typeof piece === "string" ? piece : piece.midiFile);
}

function withoutEnding(file: string): string {
  return file.replace(/\.midi?$/i, "");
}
