import assert from "node:assert/strict";
import { join } from "@std/path";
import { type Checkpoint, networkOf } from "../model/model.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { exportModel, importModel, type ImportOptions } from "./exchange.ts";
import { exampleCheckpoint } from "./testing.ts";

/** Writes files to an empty folder for a test, and removes it. */
async function withFiles(
  files: Readonly<Record<string, Uint8Array | string>>,
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    for (const [name, content] of Object.entries(files)) {
      const bytes = typeof content === "string"
        ? new TextEncoder().encode(content)
        : content;
      await Deno.writeFile(join(folder, name), bytes);
    }
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const READABLE = ["m.keras", "m.weights.h5", "m.safetensors", "model.json"];

for (const name of READABLE) {
  Deno.test(`importModel() gives back the run that exportModel() wrote: ${name}`, async () => {
    const checkpoint = exampleCheckpoint({ objective: "last" });
    await withFiles(await exportModel(checkpoint, name), async (folder) => {
      const { training, ...back } = await importModel(join(folder, name));
      assert.deepEqual(back, { ...checkpoint, step: 0 });
      assert.deepEqual(training?.weights, checkpoint.weights);
      assert.deepEqual(training?.average, checkpoint.weights);
      assert.ok(
        training?.slots.every((slot) =>
          [...slot.values()].every((values) => values.every((x) => x === 0))
        ),
      );
    });
  });
}

Deno.test("exportModel() writes the same bytes each time but HDF5, which has dates, and refuses other endings", async () => {
  const checkpoint = exampleCheckpoint();
  for (const name of ["m.safetensors", "model.json", "m.onnx"]) {
    assert.deepEqual(
      await exportModel(checkpoint, name),
      await exportModel(checkpoint, name),
    );
  }
  await assert.rejects(
    exportModel(checkpoint, "a/m.pt"),
    /Cannot export to a\/m\.pt: its name must end with \.keras, /,
  );
});

/** Data with a vocabulary of so many tokens. */
const dataOf = (size: number) => ({
  tokenizer: "chord" as const,
  hash: "",
  train: [],
  valid: [],
  vocabulary: Vocabulary.fromTokens(
    Array.from({ length: size }, (_, i) => `${i}`),
  ),
});

/** The text of a model.json with something replaced. */
async function topologyWith(from: RegExp, to: string): Promise<string> {
  const files = await exportModel(exampleCheckpoint(), "model.json");
  const text = new TextDecoder().decode(files["model.json"]);
  assert.match(text, from);
  return text.replace(from, to);
}

/** Asserts that a file is refused with a sentence. */
async function refuses(
  sentence: RegExp,
  name: string,
  content: Uint8Array | string,
  options: ImportOptions = {},
): Promise<void> {
  const { "weights.bin": weights } = await exportModel(
    exampleCheckpoint(),
    "model.json",
  );
  const files = { "weights.bin": weights!, [name]: content };
  await withFiles(
    files,
    (folder) =>
      assert.rejects(importModel(join(folder, name), options), (error) => {
        assert.match(String(error), sentence);
        return true;
      }),
  );
}

Deno.test("importModel() refuses files that are none", async () => {
  const nonsense = "nonsense, and a lot of it";
  await refuses(/no whole ZIP, TAR or TAR\.GZ/, "m.keras", nonsense);
  await refuses(/its 25 bytes are no HDF5 file/, "m.weights.h5", nonsense);
  await refuses(/no whole safetensors file/, "m.safetensors", nonsense);
  await refuses(/model\.json is not JSON/, "model.json", nonsense);
  await refuses(/lacks one\. Is it a graph model/, "model.json", "{}");
  await refuses(/ONNX is written, not read/, "m.onnx", nonsense);
  await refuses(/is a file, not a folder/, "folder", nonsense);
  await assert.rejects(importModel("/no/folder"), /no model\.json in it/);
  await assert.rejects(importModel("/no/m.keras"), /there is no such file/);
});

Deno.test("importModel() refuses layers that are not those of Immersic", async () => {
  for (
    const [from, to, sentence] of [
      [/"Dropout"/, '"GRU"', /must be Dropout LSTM .*is "GRU LSTM Dense/],
      [/"Sequential"/, '"Functional"', /Sequential model.*is "Functional"/],
      [/"sigmoid"/, '"hard_sigmoid"', /of "lstm" must be sigmoid/],
      [/"return_sequences":true/, '"return_sequences":false', /"lstm" must be/],
      [/\[null,null,9\]/, "[null,9]", /\[batch, steps, features\]/],
      [/"linear"/, '"relu"', /of "dense" must be linear.*"relu"/],
    ] as const
  ) {
    await refuses(sentence, "model.json", await topologyWith(from, to));
  }
  const text = await topologyWith(/"dtype":"float32"\}/, '"dtype":"uint8"}');
  await refuses(/must be float32 and not quantized/, "model.json", text);
});

Deno.test("importModel() refuses weights of other shapes, missing ones, and another objective", async () => {
  const files = await exportModel(exampleCheckpoint(), "m.safetensors");
  const bytes = files["m.safetensors"]!;
  const like = exampleCheckpoint({ lstmUnits: 11 });
  await refuses(
    /"lstm\/kernel" must have the shape \[9,44\], current value is \[9,48\]/,
    "m.safetensors",
    bytes,
    { like },
  );
  const missing = bytes.slice();
  const at = new TextDecoder("latin1").decode(bytes).indexOf("dense_1.bias");
  missing[at + "dense_".length] = "9".charCodeAt(0);
  await refuses(/"dense_1\/bias" is missing/, "m.safetensors", missing);
  await refuses(
    /return_sequences of its last LSTM layer must be false/,
    "model.json",
    (await exportModel(exampleCheckpoint(), "model.json"))["model.json"]!,
    { like: exampleCheckpoint({ objective: "last" }) },
  );
  const broken = exampleCheckpoint();
  broken.weights.get("dense_2/bias")![3] = NaN;
  await refuses(
    /"dense_2\/bias" holds .* not numbers/,
    "m.keras",
    (await exportModel(broken, "m.keras"))["m.keras"]!,
  );
});

Deno.test("importModel() takes the vocabulary of a corpus, and says where it does not fit", async () => {
  const checkpoint = exampleCheckpoint({ objective: "last" });
  await withFiles(await exportModel(checkpoint, "m.keras"), async (folder) => {
    const path = join(folder, "m.keras");
    const made = await importModel(path, { data: dataOf(9) });
    assert.equal(made.config.optimizer, "rmsprop"); // the original's recipe
    assert.equal(made.config.input, "onehot");
    assert.deepEqual(made.weights, checkpoint.weights);
    await assert.rejects(
      importModel(path, { data: dataOf(8) }),
      /it tells 9 tokens, and the corpus has 8/,
    );
  });
  const { "model.json": json } = await exportModel(checkpoint, "model.json");
  const { userDefinedMetadata: _, ...rest } = JSON.parse(
    new TextDecoder().decode(json),
  );
  await refuses(
    /does not say what its outputs mean.*--data DIR.*--like RUN/,
    "model.json",
    JSON.stringify(rest),
  );
});

Deno.test("importModel() continues another run from its beginning", async () => {
  const checkpoint: Checkpoint = exampleCheckpoint();
  await withFiles(await exportModel(checkpoint, "m.keras"), async (folder) => {
    const like = { ...exampleCheckpoint(), epoch: 7 };
    const made = await importModel(join(folder, "m.keras"), { like });
    assert.equal(made.epoch, 0);
    assert.deepEqual(networkOf(made), networkOf(checkpoint));
  });
});
