/** A finished piece → one HTML page with its sound, its notes and its brief. */

import type { FilePiece } from "../base/base.ts";
import { writeMidi } from "../midi/midi.ts";
import type { NoteSequence } from "../music/music.ts";
import { escapeXml, pianoRoll, type Table, table } from "../plot/plot.ts";
import type { Sound } from "../synthesis/synthesis.ts";
import { encodeFlac, encodeMp3 } from "./encoders.ts";
import { loopScript } from "./loop_script.ts";

/** A wish beside what came out. */
export interface DeliveredRow {
  /** For instance "key". */
  readonly what: string;
  /** "" where nothing was asked. */
  readonly asked: string;
  /** What the piece has. */
  readonly delivered: string;
  /** Whether the piece has what was asked. */
  readonly met: boolean;
}

/**
 * A table of what was asked beside what came out.
 *
 * @param caption A line above it. @default none
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { deliveredTable } from "immersic/files/files.ts";
 * const key = { what: "key", asked: "", delivered: "D minor", met: true };
 * assert.match(deliveredTable([key]).text, /key +– +D minor +free/);
 * ```
 */
export function deliveredTable(
  rows: readonly DeliveredRow[],
  caption?: string,
): Table {
  const shown = rows.map(({ what, asked, delivered, met }) => ({
    "": what,
    asked: asked || "–",
    delivered,
    met: asked === "" ? "free" : met,
  }));
  return table(shown, undefined, caption === undefined ? {} : { caption });
}

/** What a page shows. */
export interface PageContent {
  /** The music, arranged. */
  readonly sequence: NoteSequence;
  /** Its heading. */
  readonly title: string;
  /** Whether the sound repeats without a gap. */
  readonly isLoop: boolean;
  /** What was asked and told, a line each. */
  readonly brief: readonly string[];
  /** What was asked beside what came out. */
  readonly delivered: readonly DeliveredRow[];
}

/** The page may load nothing, from wherever. */
const POLICY =
  "default-src 'none'; img-src data:; media-src blob:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

const STYLE = `
body { margin: 2rem auto; max-width: 800px; padding: 0 1rem;
  font: 16px/1.5 system-ui, sans-serif; color: #2b2f36; background: #fff; }
audio, img { width: 100%; height: auto; }
audio { height: 3rem; }
button { font: inherit; padding: .3rem 1rem; }
table { border-collapse: collapse; font-size: 14px; }
td, th { padding: .1rem .8rem .1rem 0; text-align: left; }
`;

/** Makes the sound in the page one that the browser plays. */
const PLAY = `
const bytesOf = (id) => Uint8Array.from(
  atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0));
const player = document.querySelector("audio");
const link = document.querySelector("a");
const sound = new Blob([bytesOf("sound")], { type: player.dataset.type });
player.src = URL.createObjectURL(sound);
link.href = URL.createObjectURL(new Blob([bytesOf("midi")], { type: "audio/midi" }));
const root = document.querySelector("[data-loop]");
if (root) (${loopScript})(root, () => sound.arrayBuffer());
`;

/**
 * Writes a page that plays a piece in any browser, and needs no network: the sound, as
 * MP3, or FLAC of a loop, lies in it, with a piano roll, the brief and the MIDI file.
 *
 * @param content What it shows.
 * @param sound The piece, rendered.
 * @returns The file, piece by piece.
 */
export async function* writePage(
  content: PageContent,
  sound: Sound,
): AsyncGenerator<Uint8Array> {
  const { sequence, isLoop, brief, delivered } = content;
  const title = escapeXml(content.title);
  const roll = pianoRoll(sequence, { title: content.title });
  const encoder = new TextEncoder();
  yield encoder.encode(
    [
      '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">',
      `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
      '<meta name="viewport" content="width=device-width">',
      `<title>${title}</title>`,
      `<style>${STYLE}</style>`,
      `<h1>${title}</h1>`,
      `<p><audio controls${
        isLoop ? " loop" : ""
      } aria-label="${title}" data-type="${
        isLoop ? "audio/flac" : "audio/mpeg"
      }"></audio></p>`,
      isLoop
        ? '<p data-loop><button type="button">Play without a gap</button></p>'
        : "",
      `<p><img alt="${escapeXml(roll.alt)}" src="data:image/svg+xml;base64,${
        encoder.encode(roll.svg).toBase64()
      }"></p>`,
      ...brief.length > 0
        ? [
          "<h2>Brief</h2>",
          `<ul>${
            brief.map((line) => `<li>${escapeXml(line)}</li>`).join("")
          }</ul>`,
        ]
        : [],
      delivered.length > 0
        ? `<h2>Asked and delivered</h2>${deliveredTable(delivered).html}`
        : "",
      `<p><a download="${
        escapeXml(fileNameOf(content.title))
      }.mid">MIDI file</a></p>`,
      '<script type="text/plain" id="sound">',
    ].filter((line) => line !== "").join("\n"),
  );
  yield* base64Of((isLoop ? encodeFlac : encodeMp3)(sound));
  yield encoder.encode(
    `</script>\n<script type="text/plain" id="midi">${
      writeMidi(sequence).toBase64()
    }</script>\n<script>${PLAY}</script>\n`,
  );
}

/** The name of a file, of what any system takes. */
function fileNameOf(title: string): string {
  return title.replace(/[^\p{L}\p{N} .,_-]+/gu, " ").trim().slice(0, 60) ||
    "piece";
}

/** Bytes as base64, three at a time. */
async function* base64Of(
  pieces: AsyncIterable<FilePiece>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let rest = new Uint8Array(0);
  for await (const piece of pieces) {
    // A checksum that is known only at the end is left out: its place is written.
    if (!(piece instanceof Uint8Array)) continue;
    const bytes = new Uint8Array(rest.length + piece.length);
    bytes.set(rest);
    bytes.set(piece, rest.length);
    const whole = bytes.length - bytes.length % 3;
    yield encoder.encode(bytes.subarray(0, whole).toBase64());
    rest = bytes.slice(whole);
  }
  yield encoder.encode(rest.toBase64());
}
