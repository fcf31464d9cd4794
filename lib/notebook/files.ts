/** Audio players and links to files. */
import { relative } from "@std/path";
import { readFileIfAny } from "../base/base.ts";
import { type FileKind, fileKindOf, loopScript } from "../files/files.ts";
import {
  type DisplayObject,
  escapeXml,
  jupyterDisplay,
  type ReadyDisplay,
} from "../plot/plot.ts";

/** Most bytes that {@linkcode audioPlayer} embeds in a notebook. */
const maxEmbeddedBytes = 1_000_000;
/**
 * Most bytes of a file that a player embeds: some seconds of MP3. Players of whole
 * pieces link to them, as code hosts show no notebooks of much more than 400 KB.
 */
const maxEmbeddedFileBytes = 150_000;

/** How an {@linkcode audioPlayer} looks. */
export interface AudioPlayerOptions {
  /** Text above the player, also for screen readers. @default {"Audio"} */
  label?: string;
  /** MIME type of embedded bytes. @default {"audio/wav"} */
  mimeType?: string;
}

/**
 * An audio player. Bytes, and a file of up to 150 KB, become part of the notebook. The
 * sound of a larger file stays there, and the player asks for just its content: after
 * another was written to the file, browsers do not take one for the other. The file must
 * lie below the folder that Jupyter serves.
 *
 * @param source Path of an audio file, or the bytes of one.
 * @returns A player that shows itself as a cell's value.
 * @throws {RangeError} If there are too many bytes for a notebook.
 *
 * @example
 * ```ts
 * import { audioPlayer, display } from "immersic/notebook/notebook.ts";
 * await display(audioPlayer("../outputs/dream.wav", { label: "Dream" }));
 * ```
 */
export function audioPlayer(
  source: string | Uint8Array,
  options: AudioPlayerOptions = {},
): DisplayObject {
  const { label = "Audio", mimeType = "audio/wav" } = options;
  if (typeof source !== "string" && source.length > maxEmbeddedBytes) {
    throw new RangeError(
      `Cannot embed the sound: it may have ${maxEmbeddedBytes} bytes at most, current value is ${source.length}. Write it to a file and give the path.`,
    );
  }
  return {
    [jupyterDisplay]: async () => ({
      "text/html": `<p>${escapeXml(label)}<br>${
        audioElement(await soundUrl(source, mimeType), label)
      }</p>`,
      "text/plain": typeof source === "string"
        ? `${label}: ${relativeUrl(source)}`
        : label,
    }),
  };
}

/**
 * A player of a loop, with a button that plays it without a gap: an audio player alone
 * pauses between two rounds.
 *
 * @param path Path of a WAV or FLAC file, see {@linkcode audioPlayer}.
 * @returns A player that shows itself as a cell's value.
 *
 * @example
 * ```ts
 * import { display, loopPlayer } from "immersic/notebook/notebook.ts";
 * await display(loopPlayer("../outputs/loop.wav", { label: "Loop" }));
 * ```
 */
export function loopPlayer(
  path: string,
  options: Pick<AudioPlayerOptions, "label"> = {},
): DisplayObject {
  const { label = "Loop" } = options;
  const id = crypto.randomUUID();
  // The front end makes the path of the player one that can be fetched.
  const script = `{ const root = document.querySelector('[data-loop="${id}"]');
    (${loopScript})(root, async () =>
      (await fetch(root.querySelector("audio").src)).arrayBuffer()); }`;
  return {
    [jupyterDisplay]: async () => ({
      "text/html":
        `<p data-loop="${id}">${escapeXml(label)}<br>${
          audioElement(await soundUrl(path), label, " loop")
        }<br><button type="button">Play without a gap</button></p>` +
        `<script>${script}</script>`,
      "text/plain": `${label}: ${relativeUrl(path)}`,
    }),
  };
}

/** Takes are compared by playing one after another, not all at once. */
const PAUSE_OTHERS =
  "for (const a of document.querySelectorAll('audio')) if (a !== this) a.pause()";

function audioElement(url: string, label: string, attributes = ""): string {
  return `<audio controls${attributes} preload="metadata" onplay="${PAUSE_OTHERS}" aria-label="${
    escapeXml(label)
  }" src="${escapeXml(url)}"></audio>`;
}

/** Where the sound of a player is: in the address itself, or in a file of this content. */
async function soundUrl(
  source: string | Uint8Array,
  mimeType?: string,
): Promise<string> {
  const isFile = typeof source === "string";
  const bytes = isFile ? await readFileIfAny(source) : source;
  if (!bytes) return relativeUrl(String(source));
  if (isFile && bytes.length > maxEmbeddedFileBytes) {
    const hash = await crypto.subtle.digest("SHA-256", bytes.slice());
    const version = new Uint8Array(hash, 0, 6).toHex();
    return `${relativeUrl(source)}?v=${version}`;
  }
  const type = isFile ? SOUND_TYPES[fileKindOf(source)] : mimeType;
  return `data:${type};base64,${bytes.toBase64()}`;
}

/** MIME types of files with sound. */
const SOUND_TYPES: Partial<Record<FileKind, string>> = {
  wav: "audio/wav",
  flac: "audio/flac",
  ogg: "audio/ogg",
  mp3: "audio/mpeg",
};

/**
 * A link that downloads a file. It is relative to the notebook, so that it works on
 * any machine.
 *
 * @param path Path of the file.
 * @param label Text of the link. Default: the file's name.
 * @returns A link that shows itself as a cell's value.
 *
 * @example
 * ```ts
 * import { display, fileLink } from "immersic/notebook/notebook.ts";
 * await display(fileLink("../outputs/dream.mid"));
 * ```
 */
export function fileLink(path: string, label?: string): ReadyDisplay {
  const url = relativeUrl(path);
  const name = decodeURIComponent(url.split("/").at(-1)!);
  const html = `<p><a href="${escapeXml(url)}" download="${escapeXml(name)}">${
    escapeXml(label ?? name)
  }</a></p>`;
  return {
    [jupyterDisplay]: () => ({ "text/html": html, "text/plain": url }),
  };
}

/** A path as a URL relative to the notebook's folder, in which its kernel runs. */
function relativeUrl(path: string): string {
  return relative(Deno.cwd(), path).split(/[\\/]/).map(encodeURIComponent)
    .join("/");
}
