import assert from "node:assert/strict";
import { run } from "./testing.ts";

/** Asserts that a command ends with 2, one sentence and the usage. */
async function isWrongUsage(line: string, sentence: RegExp): Promise<void> {
  const { status, out, err } = await run(...line.split(" "));
  assert.equal(status, 2, `${line}: ${err}`);
  assert.equal(out, "", line);
  const [first, usage, ...more] = err.split("\n");
  assert.match(first ?? "", sentence);
  assert.ok(usage?.startsWith(`Usage: deno task ${line.split(" ")[0]} `));
  assert.deepEqual(more, []);
  const json = await run(...line.split(" "), "--json");
  assert.equal(json.status, 2);
  // With a word in place of a value, --json may be that value, or the fault.
  const { error } = JSON.parse(json.out);
  assert.ok(error === first || /'--/.test(error), error);
}

Deno.test("main() ends with 2, a sentence and the usage for a wrong command line", async () => {
  const table: [string, RegExp][] = [
    ["preprocess", /--midi is missing/],
    ["preprocess --midi", /'--midi <value>' argument missing/],
    ["preprocess --midi a", /--out is missing/],
    ["preprocess --midi= --out b", /--midi is missing/],
    ["preprocess --midi a --out b --bogus", /Unknown option '--bogus'/],
    ["preprocess --midi a --out b stray", /stray/],
    ["preprocess --midi a --out b --shard 3/2", /such as 2\/8.*"3\/2"/],
    ["preprocess --midi a --out b --shard 0/2", /such as 2\/8.*"0\/2"/],
    ["preprocess --midi a --out b --shard x", /such as 2\/8.*"x"/],
    ["preprocess --merge a b", /--out is missing/],
    ["preprocess --merge a b --out c --midi d", /--midi cannot stand beside/],
    ["preprocess --merge a --out c --strict", /--strict cannot stand beside/],
    ["preprocess --midi a --out b --tokenizer bpe", /remi or chord.*"bpe"/],
    ["preprocess --midi a --out b --split-by x", /piece or family.*"x"/],
    ["preprocess --midi a --out b --seed 1.5", /whole number.*is 1\.5/],
    ["preprocess --midi a --out b --seed x", /a number.*"x"/],
    ["preprocess --midi a --out b --valid-share=", /a number.*""/],
    ["data one two", /"two" is one word too many/],
    ["data gmdd", /"gmdd": the data sets are .* Did you mean gmd\?$/m],
    ["data nonsense", /"nonsense": the data sets are starter, /],
    ["train", /--data is missing/],
    ["train --data a", /--run is missing/],
    ["train --data a --run b stray", /stray/],
    ["train --data a --run b --bogus", /Unknown option '--bogus'/],
    ["train --data a --run ../b", /only letters, digits.*"\.\.\/b"/],
    ["train --data a --run b --epochs x", /must be a number.*"x"/],
    ["train --data a --run b --epochs 0", /at least 1, current value is 0/],
    ["train --data a --run b --workers 0", /at least 1, current value is 0/],
    ["train --data a --run b --recipe x", /default or original.*"x"/],
    ["train --data a --run b --engine x", /auto or native or .*"x"/],
    ["train --data a --run b --set dropout=1", /below 1, current value is 1/],
    ["train --data a --run b --set dropout=x", /"dropout=x".* a number/],
    ["train --data a --run b --set dropout=", /"dropout=": it must be KNOB/],
    ["train --data a --run b --set carry=yes", /"carry=yes".*true or false/],
    ["train --data a --run b --set toString=1", /"toString=1": it must be KN/],
    [
      "train --data a --run b --set input=x",
      /one of context, attributes, onehot, scalar.*"x"/,
    ],
    ["export", /--run is missing/],
    ["export --run a", /--to is missing/],
    ["export --run a --to b --passes 2", /--passes goes with --trainer/],
    ["export --trainer jax --to b --data c", /pytorch or keras-jax/],
    ["export --trainer pytorch --to b", /the corpus is missing/],
    ["export --trainer pytorch --to b --run a --epochs 3", /goes on with one/],
    ["export --run ../a --to b.keras", /only letters, digits.*"\.\.\/a"/],
    ["import", /the file to import is missing/],
    ["import a.keras", /--run is missing/],
    ["import a.keras --run ../a", /only letters, digits.*"\.\.\/a"/],
    ["import a.keras --run a --like b --data c", /one of --like and --data/],
    ["generate", /--run is missing/],
    ["generate --promt calm", /'--promt'\. Did you mean --prompt\?$/],
    ["generate --run b", /--out is missing/],
    ["generate --run a/b --out c.mid", /only letters, digits.*"a\/b"/],
    ["generate --run b --out c.aac", /\.musicxml or \.html.*value is "c\.aac"/],
    ["generate --run b --out c.mid --out c", /must end with.*value is "c"/],
    ["generate --run b --redo x", /--redo alone: --piece is missing/],
    ["generate --run b --piece a.mid", /one of --redo, --edit, --keep and --u/],
    ["generate --run b --piece a.mid --undo --keep 2", /give one of --redo/],
    ["generate --run b --piece a.mid --undo --takes 2", /--takes goes with/],
    [
      "generate --run b --piece a.mid --keep 0",
      /at least 1, current value is 0/,
    ],
    ["generate --run b --out c.mid --bars 0", /at least 1, current value is 0/],
    ["generate --run b --out c.mid --bars 1.5", /whole number.*is 1\.5/],
    ["generate --run b --out c.mid --tokens=-4", /at least 1.*is -4/],
    ["generate --run b --out c.mid --temperature=-1", /at least 0.*is -1/],
    ["generate --run b --out c.mid --random-seed x", /must be a number.*"x"/],
  ];
  for (const [line, sentence] of table) await isWrongUsage(line, sentence);
});
