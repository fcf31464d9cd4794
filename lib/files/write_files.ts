/** Writes a finished piece to files, each of the kind that its ending names. */

import { join } from "@std/path";
import {
  type FileContent,
  ScratchFile,
  writeFileAtomically,
} from "../base/base.ts";
import { writeMidi } from "../midi/midi.ts";
import {
  type NoteSequence,
  type Part,
  type PlacedChord,
  programName,
  ticksToSeconds,
} from "../music/music.ts";
import {
  MemoryScratch,
  renderSound,
  renderStems,
  type Scratch,
  type Sound,
  type SynthesisOptions,
  writeWav,
} from "../synthesis/synthesis.ts";
import { encodeFlac, encodeMp3, encodeOgg } from "./encoders.ts";
import { type FileKind, fileKindOf } from "./kinds.ts";
import { writeMusicXml } from "./music_xml.ts";
import { packMusicXml } from "./mxl.ts";
import { type DeliveredRow, writePage } from "./page.ts";

/** A piece that is finished. */
export interface FinishedPiece {
  /** The music, arranged. */
  readonly sequence: NoteSequence;
  /** Whether its end leads back into its beginning. @default false */
  readonly isLoop?: boolean;
  /** The chords that were asked, for a score. @default none */
  readonly chords?: readonly PlacedChord[];
  /** At the head of a score and a page. @default none */
  readonly title?: string;
  /** What was asked and told, a line each, for a page. @default none */
  readonly brief?: readonly string[];
  /** What was asked beside what came out, for a page. @default none */
  readonly delivered?: readonly DeliveredRow[];
}

/** The sound of longer pieces goes through a file. */
const MOST_SECONDS_IN_MEMORY = 600;

/**
 * Writes a piece to files. Its sound is rendered once, also for several of them; that of
 * a piece of over ten minutes goes through a file beside the first one, so that it needs
 * no more memory than a short one.
 *
 * @param paths The files; the ending of each decides what is written, see
 * {@linkcode fileKindOf}.
 * @param piece What to write.
 * @param sound How to render it.
 * @throws {RangeError} If an ending names no kind of file, before anything is written.
 * @throws {FileError} If a file cannot be written; it is not left half written.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence } from "immersic/music/music.ts";
 * import { writePiece } from "immersic/files/files.ts";
 * const folder = await Deno.makeTempDir();
 * const sequence = { ...emptySequence(480), totalTicks: 480 };
 * await writePiece([`${folder}/a.mid`, `${folder}/a.flac`], { sequence });
 * assert.equal([...Deno.readDirSync(folder)].length, 2);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writePiece(
  paths: readonly string[],
  piece: FinishedPiece,
  sound: SynthesisOptions = {},
): Promise<void> {
  const kinds = paths.map(fileKindOf);
  using places = new Places(piece, `${paths[0]}.sound.tmp`);
  let rendered: Promise<Sound> | undefined;
  const render = () =>
    rendered ??= renderSound(piece.sequence, {
      ...sound,
      isLoop: piece.isLoop ?? false,
      scratch: places.next,
    });
  for (const [i, path] of paths.entries()) {
    await writeFileAtomically(path, await contentOf(kinds[i]!, piece, render));
  }
}

async function contentOf(
  kind: FileKind,
  piece: FinishedPiece,
  render: () => Promise<Sound>,
): Promise<FileContent> {
  const { sequence, title, isLoop = false, brief = [], delivered = [] } = piece;
  if (kind === "midi") return writeMidi(sequence);
  if (kind === "musicxml" || kind === "mxl") {
    const text = writeMusicXml(sequence, { title, chords: piece.chords });
    return kind === "mxl" ? await packMusicXml(text) : text;
  }
  const sound = await render();
  if (kind !== "page") return SOUND_FILES[kind](sound);
  const heading = title ?? "A new piece";
  const content = { sequence, title: heading, isLoop, brief, delivered };
  return writePage(content, sound);
}

const SOUND_FILES = {
  wav: writeWav,
  flac: encodeFlac,
  ogg: encodeOgg,
  mp3: encodeMp3,
};

/**
 * Writes the parts of a piece to WAV files, one a part, in step and as they are in the
 * sound of the whole, which they add up to.
 *
 * @param folder Its files are named by number and part, such as "01 Piano.wav".
 * @param piece What to write.
 * @param sound How to render it.
 * @returns The paths of the files. Their samples are floating-point numbers: a part
 * alone may be louder than full scale.
 * @throws {FileError} If a file cannot be written.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence } from "immersic/music/music.ts";
 * import { writeStems } from "immersic/files/files.ts";
 * const rest = { ...emptySequence(480), totalTicks: 480 };
 * assert.deepEqual(await writeStems("stems", { sequence: rest }), []);
 * ```
 */
export async function writeStems(
  folder: string,
  piece: FinishedPiece,
  sound: SynthesisOptions = {},
): Promise<string[]> {
  const { sequence, isLoop = false } = piece;
  using places = new Places(piece, join(folder, "sound.tmp"));
  const stems = renderStems(sequence, {
    ...sound,
    isLoop,
    scratch: places.next,
  });
  const paths: string[] = [];
  for await (const { part, sound } of stems) {
    const number = String(paths.length + 1).padStart(2, "0");
    const name = part === undefined
      ? "Record noise"
      : nameOf(sequence.parts[part]!);
    const path = join(folder, `${number} ${name}.wav`);
    await writeFileAtomically(path, writeWav(sound, "float32"));
    paths.push(path);
  }
  return paths;
}

/** A name of a part that every file system takes. */
function nameOf({ name, program, isDrum }: Part): string {
  const plain = name.replace(/[^\p{L}\p{N} ._-]+/gu, " ").replace(/ +/g, " ")
    .replace(/^[ .]+|[ .]+$/g, "").slice(0, 60);
  return plain || (isDrum ? "Drums" : programName(program));
}

/** Places for sound while it is worked on: one at a time, and none in the end. */
class Places implements Disposable {
  readonly #path: string;
  readonly #isLong: boolean;
  #current: ScratchFile | undefined;

  constructor({ sequence }: FinishedPiece, path: string) {
    this.#path = path;
    this.#isLong = ticksToSeconds(sequence, sequence.totalTicks) >
      MOST_SECONDS_IN_MEMORY;
  }

  /** Makes a place, in memory for short pieces, and removes the one before. */
  readonly next = (): Scratch => {
    this[Symbol.dispose]();
    if (!this.#isLong) return new MemoryScratch();
    return this.#current = new ScratchFile(this.#path);
  };

  [Symbol.dispose](): void {
    this.#current?.[Symbol.dispose]();
    this.#current = undefined;
  }
}
