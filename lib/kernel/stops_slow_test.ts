// deno-lint-ignore-file no-console -- set-up may take a minute and reports it
/**
 * Stop at random moments of what the product does. IMMERSIC_STOPS is how many
 * stops there are in all (default 10), IMMERSIC_STOPS_SEED where their moments come from.
 */
import assert from "node:assert/strict";
import { join } from "@std/path";
import { PROJECT_FOLDER, STARTER_FOLDER } from "../base/base.ts";
import { setUp } from "../tools/tools.ts";

/** What was stopped, and what followed. */
interface Stop {
  readonly work: string;
  /** When it was stopped, in seconds from its start. */
  readonly after: number;
  /** How long the cell went on. */
  readonly seconds: number;
  readonly ended: string;
  readonly faults: readonly string[];
}

const SETUP = `import { loadBest } from "immersic/model/model.ts";
import { Generator } from "immersic/generation/generation.ts";
import { loadCorpus, preprocess } from "immersic/corpus/corpus.ts";
import { compose } from "immersic/composition/composition.ts";
import { judgeMade } from "immersic/evaluation/evaluation.ts";
import { writePiece } from "immersic/files/files.ts";
import { writeMidi } from "immersic/midi/midi.ts";
import { configure, runFolder } from "immersic/base/base.ts";
import { progress, watchTraining } from "immersic/notebook/notebook.ts";
import { Training, trainingData } from "immersic/training/training.ts";
const generator = await Generator.open(await loadBest(runFolder("starter")));
await preprocess({ midiFolder: STARTER, outFolder: "corpus", compose: 0 });
const corpus = await loadCorpus("corpus");
const data = await trainingData(corpus);
const config = configure({ lstmUnits: 48, denseUnits: 24, epochs: 500, patience: 0 });
const training = await Training.open({ folder: "run", data, config, workers: 1 });
const long = await compose(generator, "slow piano and strings, one minute", { randomSeed: 3 });
let times = 0;`;

/** Cells to stop, which would go on for long. */
const WORKS: Readonly<Record<string, string>> = {
  composing: `{
  const line = progress("Composing", 0);
  for (let randomSeed = 1;; randomSeed++) {
    await compose(generator, "calm piano with strings, two minutes", {
      randomSeed,
      onProgress: (tokens) => line.update(tokens),
    });
  }
}`,
  rendering: `{
  const line = progress("Rendering", 0);
  for (;;) {
    await writePiece(["long.mp3"], long, {
      vinyl: true,
      onProgress: (done) => line.update(done),
    });
  }
}`,
  evaluating: `await judgeMade(generator, corpus, { pieces: 50 });`,
  preprocessing:
    "await preprocess({ midiFolder: STARTER, outFolder: `corpus${++times}`, compose: 2000 });",
  training: "await watchTraining(training);",
};
/** The last moment of a stop, in seconds. */
const LAST_MOMENT = 4;

const CHECK = `const { sequence } = await compose(
  generator,
  "slow piano in D minor, 16 bars",
  { randomSeed: 7 },
);
new Uint8Array(await crypto.subtle.digest("SHA-256", writeMidi(sequence))).toHex()`;

Deno.test("Stop ends what runs within a second, at any moment, and spoils nothing", async () => {
  const { python, environment } = await setUp(console.error);
  const stops = Number(Deno.env.get("IMMERSIC_STOPS") ?? 10);
  const seed = Number(Deno.env.get("IMMERSIC_STOPS_SEED") ?? 1);
  console.error(`IMMERSIC_STOPS=${stops} IMMERSIC_STOPS_SEED=${seed}`);
  const folder = await Deno.makeTempDir({
    dir: join(PROJECT_FOLDER, "outputs"),
  });
  const entries = Object.entries(WORKS);
  const client = new Deno.Command(python, {
    args: [join(PROJECT_FOLDER, "lib", "kernel", "stops_client.py"), folder],
    env: environment,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  try {
    await new Response(JSON.stringify({
      setup: SETUP.replaceAll("STARTER", JSON.stringify(STARTER_FOLDER)),
      check: CHECK,
      works: Object.fromEntries(
        entries.map(([name, code]) => [
          name,
          code.replaceAll("STARTER", JSON.stringify(STARTER_FOLDER)),
        ]),
      ),
      seconds: LAST_MOMENT,
      stops: Math.ceil(stops / entries.length),
      seed,
      quiet: stops > 10 ? 5 : 0.5,
    })).body!.pipeTo(client.stdin);
    const { stdout } = await client.output();
    const { rows }: { rows: readonly Stop[] } = JSON.parse(
      new TextDecoder().decode(stdout),
    );
    assert.equal(
      rows.length,
      entries.length * Math.ceil(stops / entries.length),
    );
    for (const row of rows) {
      const told = JSON.stringify(row);
      assert.deepEqual(row.faults, [], told);
      assert.ok(row.seconds <= 1, told);
      // Training that has begun saves a checkpoint, and the cell ends well.
      assert.match(
        row.ended,
        row.work === "training"
          ? /^(?:ok$|error Interrupted: )/
          : /^error Interrupted: /,
        told,
      );
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
