/**
 * Writes the starter corpus: `deno run --allow-read --allow-write
 * data/starter/compose.ts`. The same bytes come out every time.
 */

import { writeMidi } from "../../lib/midi.ts";
import { composePiece } from "./piece.ts";
import { fileName, planCorpus } from "./plan.ts";

if (import.meta.main) {
  const folder = new URL("./", import.meta.url);
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".mid")) await Deno.remove(new URL(name, folder));
  }
  let bytes = 0;
  const plans = planCorpus();
  for (const plan of plans) {
    const midi = writeMidi(composePiece(plan));
    bytes += midi.length;
    await Deno.writeFile(new URL(fileName(plan), folder), midi);
  }
  console.log(`${plans.length} pieces, ${bytes} bytes, in ${folder.pathname}`);
}
