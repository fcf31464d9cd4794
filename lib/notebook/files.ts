/** Audio players and links to files. */
import { relative } from "@std/path";
import { loopScript } from "../files/files.ts";
import { escapeXml, jupyterDisplay, type ReadyDisplay } from "../plot/plot.ts";

/** Most bytes that {@linkcode audioPlayer} embeds in a notebook. */
const maxEmbeddedBytes = 1_000_000;

/** How an {@linkcode audioPlayer} looks. */
export interface AudioPlayerOptions {
  /** Text above the player, also for screen readers. @default {"Audio"} */
  label?: string;
  /** MIME type of embedded bytes. @default {"audio/wav"} */
  mimeType?: string;
}

/**
 * An audio player. A sound given by its path stays in its file, which must lie below
 * the folder that Jupyter serves; bytes become part of the notebook.
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
): ReadyDisplay {
  const { label = "Audio", mimeType = "audio/wav" } = options;
  if (typeof source !== "string" && source.length > maxEmbeddedBytes) {
    throw new RangeError(
      `Cannot embed the sound: it may have ${maxEmbeddedBytes} bytes at most, current value is ${source.length}. Write it to a file and give the path.`,
    );
  }
  const url = typeof source === "string"
    ? relativeUrl(source)
    : `data:${mimeType};base64,${source.toBase64()}`;
  const text = escapeXml(label);
  const html = `<p>${text}<br><audio controls preload="metadata" ` +
    `aria-label="${text}" src="${escapeXml(url)}"></audio></p>`;
  return {
    [jupyterDisplay]: () => ({
      "text/html": html,
      "text/plain": typeof source === "string" ? `${label}: ${url}` : label,
    }),
  };
}

/**
 * A player of a loop, with a button that plays it without a gap: an audio player alone
 * pauses between two rounds.
 *
 * @param path Path of a WAV or FLAC file, which stays in its file and must lie below the
 * folder that Jupyter serves.
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
): ReadyDisplay {
  const { label = "Loop" } = options;
  const text = escapeXml(label);
  const id = crypto.randomUUID();
  // The front end makes the path of the player one that can be fetched.
  const script = `{ const root = document.querySelector('[data-loop="${id}"]');
    (${loopScript})(root, async () =>
      (await fetch(root.querySelector("audio").src)).arrayBuffer()); }`;
  const html = `<p data-loop="${id}">${text}<br><audio controls loop ` +
    `preload="metadata" aria-label="${text}" src="${
      escapeXml(relativeUrl(path))
    }"></audio><br><button type="button">Play without a gap</button></p>` +
    `<script>${script}</script>`;
  return {
    [jupyterDisplay]: () => ({
      "text/html": html,
      "text/plain": `${label}: ${relativeUrl(path)}`,
    }),
  };
}

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
