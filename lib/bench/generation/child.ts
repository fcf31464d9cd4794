// deno-lint-ignore-file no-console -- a program
/**
 * Makes pieces with the model in the box, when told, by the version of the project in a
 * folder.
 *
 *     deno run -A --no-check --config FOLDER/deno.json child.ts FOLDER
 */
import { toFileUrl } from "@std/path";
import { TextLineStream } from "../lines.ts";

const [folder = "."] = Deno.args;
const load = (path: string) => import(toFileUrl(`${folder}/${path}`).href);
const { Generator } = await load("lib/generation/generation.ts");
const { loadBest } = await load("lib/model/model.ts");
const generator = await Generator.open(
  await loadBest(`${folder}/checkpoints/starter`),
);

/** Tokens of pieces of sixteen bars, one after the other. */
async function make(first: number, count: number): Promise<number> {
  let tokens = 0;
  for (let randomSeed = first; randomSeed < first + count; randomSeed++) {
    const piece = await generator.generate({ randomSeed, bars: 16 });
    tokens += piece.tokens.length;
  }
  return tokens;
}

await make(1, 8);
console.log(JSON.stringify({ version: folder }));
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream())
  .pipeThrough(new TextLineStream());
for await (const line of lines) {
  const { first, count } = JSON.parse(line);
  const begun = performance.now();
  const tokens = await make(first, count);
  const seconds = (performance.now() - begun) / 1000;
  console.log(JSON.stringify({ tokens, seconds }));
}
