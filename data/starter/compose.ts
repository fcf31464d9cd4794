// deno-lint-ignore-file no-console -- a program
/**
 * Writes the starter corpus: `deno run --allow-read --allow-write
 * data/starter/compose.ts`. The same bytes come out every time.
 */

import { writeMidi } from "../../lib/midi/midi.ts";
import { composePiece } from "./piece.ts";
import { fileName, planCorpus } from "./plan.ts";

if (import.meta.main) {
  const folder = new URL("./", import.meta.url);
  // Composes all before writing any, so that a failure leaves the old corpus.
  const pieces = planCorpus().map((plan) => ({
    name: fileName(plan),
    bytes: writeMidi(composePiece(plan)),
  }));
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".mid")) await Deno.remove(new URL(name, folder));
  }
  for (const { name, bytes } of pieces) {
    await Deno.writeFile(new URL(name, folder), bytes);
  }
  const bytes = pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
  console.log(`${pieces.length} pieces, ${bytes} bytes, in ${folder.pathname}`);
}
