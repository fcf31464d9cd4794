// deno-lint-ignore-file no-console -- says why tests are skipped
import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { PROJECT_FOLDER, runFolder, STARTER_FOLDER } from "../base/base.ts";
import { Peer } from "../bench/peer.ts";
import { copyMidiFiles } from "../commands/testing.ts";
import { tokenizerFor } from "../corpus/corpus.ts";
import { classesOf, Network, type SparseRows } from "../lstm/lstm.ts";
import { parseMidi } from "../midi/midi.ts";
import {
  type Checkpoint,
  loadBest,
  modelInput,
  networkOf,
} from "../model/model.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { exportModel, importModel } from "./exchange.ts";
import {
  difference,
  exampleCheckpoint,
  exampleIds,
  logitsOf,
  oneHot,
  SIZE,
  softmax,
  TOKENS,
} from "./testing.ts";

const PYTHON = join(PROJECT_FOLDER, ".venv-exchange", "bin", "python");
const isInstalled = await Deno.stat(PYTHON).then(() => true, () => false);
if (!isInstalled) {
  console.log(
    "Models are not exchanged with Keras, PyTorch and ONNX Runtime here. To install them: python3 -m venv .venv-exchange && .venv-exchange/bin/pip install -r lib/exchange/requirements.txt",
  );
}

/** Most difference of a prediction. */
const WITHIN = 1e-5;
/** Input, LSTM units, dense units, outputs of the example. */
const SIZES = [TOKENS, 12, 8, TOKENS];

const PARTS: Record<string, (peer: Peer, folder: string) => Promise<void>> = {};

// One test, because the other programs take long to begin.
Deno.test({
  name: "exchange: Keras, PyTorch and ONNX Runtime",
  ignore: !isInstalled,
  async fn(test) {
    const folder = await Deno.makeTempDir({ prefix: "immersic-" });
    const script = fromFileUrl(new URL("./peers.py", import.meta.url));
    await using peer = await Peer.start("Keras", PYTHON, [script]);
    try {
      for (const [name, part] of Object.entries(PARTS)) {
        await test.step(name, () => part(peer, folder));
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** Writes an exported model; returns its path. */
async function write(
  checkpoint: Checkpoint,
  folder: string,
  name: string,
): Promise<string> {
  const path = join(folder, name);
  const files = await exportModel(checkpoint, path);
  await Deno.writeFile(path, files[name]!);
  return path;
}

PARTS[
  "exportModel(): Keras, PyTorch and ONNX Runtime predict what the engine predicts, to 1e-5"
] = async (peer, folder) => {
  const checkpoint = exampleCheckpoint();
  const ids = exampleIds(), x = oneHot(ids);
  const logits = await logitsOf(checkpoint, ids);
  const probabilities = softmax(logits, TOKENS);
  const file = await write(checkpoint, folder, "m.keras");
  const keras = await peer.ask<number[]>({ do: "keras_model", file, x });
  assert.ok(difference(keras, probabilities) < WITHIN);
  const weights = await peer.ask<number[]>({
    do: "keras_weights",
    file: await write(checkpoint, folder, "m.weights.h5"),
    x,
    sizes: SIZES,
  });
  assert.ok(difference(weights, probabilities) < WITHIN);
  const torch = await peer.ask<number[]>({
    do: "torch_model",
    file: await write(checkpoint, folder, "m.safetensors"),
    x,
    sizes: SIZES,
  });
  assert.ok(difference(torch, logits) < WITHIN);
  for (const byStep of [false, true]) {
    const onnx = await peer.ask<number[]>({
      do: "onnx_model",
      file: await write(checkpoint, folder, "m.onnx"),
      x,
      by_step: byStep,
    });
    assert.ok(difference(onnx, logits) < WITHIN);
  }
};

PARTS[
  "importModel(): a model that Keras trained, in its three kinds of files, predicts the same here to 1e-5"
] = async (peer, folder) => {
  const vocabulary = Vocabulary.fromTokens(["C4", "D4", "E4", "F4", "G4"]);
  const steps = 32, classes = vocabulary.size;
  const ids = exampleIds(steps).map((id) => id % classes);
  const values = Array.from(ids, (id) => id / classes);
  const expected = await peer.ask<number[]>({
    do: "make_keras",
    folder,
    x: { shape: [SIZE, steps, 1], values },
    classes,
  });
  const data = {
    tokenizer: "chord",
    hash: "",
    vocabulary,
    train: [],
    valid: [],
  } as const;
  for (const name of ["m.keras", "m.weights.h5", "m.h5"]) {
    const made = await importModel(join(folder, name), { data });
    assert.equal(made.config.input, "scalar");
    assert.equal(made.config.objective, "last");
    const actual = softmax(await logitsOf(made, ids), classes);
    assert.ok(difference(actual, expected) < WITHIN, name);
  }
};

PARTS[
  "importModel(): weights of PyTorch, with two biases an LSTM layer, predict the same here to 1e-5"
] = async (peer, folder) => {
  const file = join(folder, "m.safetensors"), ids = exampleIds();
  const x = oneHot(ids);
  const logits = await peer.ask<number[]>({
    do: "make_torch",
    file,
    x,
    sizes: SIZES,
  });
  const made = await importModel(file, { like: exampleCheckpoint() });
  assert.ok(difference(await logitsOf(made, ids), logits) < WITHIN);
};

PARTS[
  "exportModel(): the network that is shown the context predicts the same in Keras and ONNX Runtime"
] = async (peer, folder) => {
  const checkpoint = await loadBest(runFolder("starter"));
  const { vocabulary, corpus } = checkpoint, spec = networkOf(checkpoint);
  const [midi] = await copyMidiFiles(STARTER_FOLDER, folder, 1);
  const tokens = tokenizerFor("remi").encode(
    parseMidi(await Deno.readFile(join(folder, midi!))),
  );
  const known = tokens.filter((token) => vocabulary.has(token));
  const piece = vocabulary.encode(known.slice(0, 60));
  const batch = modelInput({
    config: checkpoint.config,
    tokenizer: "remi",
    vocabulary,
    ...corpus.tokenizerOptions && { tokenizerOptions: corpus.tokenizerOptions },
  }).batch({
    size: 1,
    steps: 60,
    targetCount: 0,
    inputs: piece,
    targets: new Int32Array(60),
    pieces: [piece],
    starts: new Int32Array(1),
  });
  using network = await Network.create(spec, {
    maxBatch: 1,
    maxSteps: 60,
    workers: 1,
  });
  network.setWeights(checkpoint.weights);
  const logits = network.predict(batch);
  const { offsets, values } = batch.inputs as SparseRows;
  const dense = new Array(60 * spec.input.size).fill(0);
  for (let t = 0; t < 60; t++) {
    for (let i = offsets[t]!; i < offsets[t + 1]!; i++) {
      dense[t * spec.input.size + values[i]!]++;
    }
  }
  const x = { shape: [1, 60, spec.input.size], values: dense };
  for (
    const [ask, name] of [
      ["keras_model", "s.keras"],
      ["onnx_model", "s.onnx"],
    ] as const
  ) {
    const file = await write(checkpoint, folder, name);
    const scores = await peer.ask<number[]>({
      do: ask,
      file,
      x,
      ...ask === "onnx_model" && { by_step: true },
    });
    const related = relate(scores, batch.relations!, classesOf(spec));
    assert.ok(difference(related, logits) < 1e-4, name);
  }
};

/** Adds to the logits of classes the scores of the relations that hold for them. */
function relate(
  scores: readonly number[],
  { offsets, values }: SparseRows,
  classes: number,
): number[] {
  const steps = offsets.length - 1, units = scores.length / steps;
  return Array.from({ length: steps }, (_, t) => {
    const row = scores.slice(t * units, (t + 1) * units);
    const logits = row.slice(0, classes);
    for (let i = offsets[t]!; i < offsets[t + 1]!; i++) {
      logits[values[i]! & 0xffff]! += row[classes + (values[i]! >> 16)]!;
    }
    return logits;
  }).flat();
}
