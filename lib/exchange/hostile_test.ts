import assert from "node:assert/strict";
import { join } from "@std/path";
import { exportModel, importModel } from "./exchange.ts";
import { writeHdf5 } from "./hdf5.ts";
import { exampleCheckpoint } from "./testing.ts";
import { readWeightsH5 } from "./weights_h5.ts";

type Bytes = Uint8Array | string;

/** What `importModel` says of a file that it refuses; beside it is another. */
async function refusalOf(name: string, content: Bytes): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  const { "weights.bin": weights } = await exportModel(
    exampleCheckpoint(),
    "model.json",
  );
  try {
    await Deno.writeFile(join(folder, "weights.bin"), weights!);
    await Deno.writeFile(
      join(folder, name),
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
    const { config } = await importModel(join(folder, name));
    return `none: ${config.input}`;
  } catch (error) {
    const { name, message } = error as Error;
    const kinds = ["ExchangeError", "ArchiveError", "PackedFileError"];
    assert.ok(kinds.includes(name), `${name}: ${message}`);
    assert.ok(message.length < 1000, `${message.length} characters`);
    return message;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The bytes of an exported file. */
async function exported(name: string): Promise<Uint8Array> {
  return (await exportModel(exampleCheckpoint(), name))[name]!;
}

Deno.test("importModel() refuses files that were cut short anywhere", async () => {
  for (const name of ["m.keras", "m.weights.h5", "m.safetensors"]) {
    const whole = await exported(name);
    for (const share of [0, 0.001, 0.3, 0.9]) {
      const part = whole.slice(0, Math.floor(whole.length * share));
      const said = await refusalOf(name, part);
      assert.match(said, /^Cannot .*[.?]$/s, `${name} ${share}`);
    }
    assert.match(await refusalOf(name, whole), /^none/);
  }
  const json = new TextDecoder().decode(await exported("model.json"));
  assert.match(
    await refusalOf("model.json", json.slice(0, 500)),
    /is not JSON/,
  );
});

/** A safetensors file of a header, and 16 bytes. */
function safetensors(header: unknown, length?: bigint): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + json.length + 16);
  new DataView(bytes.buffer)
    .setBigUint64(0, length ?? BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

Deno.test("importModel() takes no size of a safetensors header on trust", async () => {
  const bias = (changes: object) => ({
    "dense.bias": {
      dtype: "F32",
      shape: [4],
      data_offsets: [0, 16],
      ...changes,
    },
  });
  for (
    const [header, sentence] of [
      [bias({ dtype: "F16" }), /must be F32, current value is "F16"/],
      [bias({ shape: [2 ** 40] }), /of the 4 values at most.*"1099511627776"/],
      [bias({ shape: [2 ** 30, 2 ** 30] }), /of the 4 values at most/],
      [bias({ shape: [-4] }), /one or two sizes.*"-4"/],
      [bias({ shape: [1.5] }), /one or two sizes/],
      [bias({ shape: "4" }), /one or two sizes/],
      [bias({ shape: [1, 1, 4] }), /one or two sizes/],
      [bias({ data_offsets: [0, 2 ** 53] }), /must be 16 bytes in the file/],
      [bias({ data_offsets: [-16, 0] }), /must be 16 bytes in the file/],
      [bias({ data_offsets: [8, 24] }), /must be 16 bytes in the file/],
      [bias({ data_offsets: null }), /must be 16 bytes in the file/],
      [{ "dense.bias": null }, /must be F32/],
      ["null", /does not say what its outputs mean/],
      ["[[[[", /is not JSON/],
      ["[".repeat(50_000) + "]".repeat(50_000), /Cannot import/],
      [{ __metadata__: { immersic: "{}" } }, /not the description of a run/],
      [{ __metadata__: { immersic: 7 } }, /not the description of a run/],
    ] as const
  ) {
    assert.match(
      await refusalOf("m.safetensors", safetensors(header)),
      sentence,
    );
  }
  for (const length of [17n, 2n ** 40n, 2n ** 64n - 1n]) {
    assert.match(
      await refusalOf("m.safetensors", safetensors("", length)),
      /no whole safetensors file/,
    );
  }
});

/** A small HDF5 file with an array of so many values, none of which is stored. */
async function sparseHdf5(size: number): Promise<Uint8Array> {
  const { default: h5wasm } = await import("h5wasm");
  const { FS } = await h5wasm.ready;
  const file = new h5wasm.File("/sparse.h5", "w");
  file.create_group("layers").create_group("lstm").create_group("cell")
    .create_group("vars").create_dataset({
      name: "0",
      data: new Float32Array(4),
      shape: [4],
      maxshape: [null],
      chunks: [4],
    }).resize([size]);
  file.close();
  return FS.readFile("/sparse.h5");
}

Deno.test("importModel() takes no size in HDF5 on trust, and gives up what has no end", async () => {
  const tensors = (shape: number[]) =>
    new Map([["layers/lstm/cell/vars/0", {
      shape,
      values: new Float32Array(shape.reduce((product, n) => product * n, 1)),
    }]]);
  const h5 = await writeHdf5({ tensors: tensors([2, 3, 1]) });
  assert.match(await refusalOf("m.weights.h5", h5), /one or two sizes.*2,3,1/);

  assert.match(
    await refusalOf("m.weights.h5", await sparseHdf5(2 ** 30)),
    /values at most that the file has room for, current value is "1073741824"/,
  );

  const others = await writeHdf5({
    tensors: new Map(),
    bytes: { layers: new Uint8Array(8), immersic: new Uint8Array(8) },
  });
  assert.match(
    await refusalOf("m.weights.h5", others),
    /not the description of a run/,
  );
  await assert.rejects(
    readWeightsH5(await exported("m.weights.h5"), 0),
    /no end of it after 0 s/,
  );
});

Deno.test("importModel() takes nothing in a model.json on trust", async () => {
  const text = new TextDecoder().decode(await exported("model.json"));
  const { weightsManifest: [group], ...rest } = JSON.parse(text);
  const withGroup = (changes: object) =>
    JSON.stringify({ ...rest, weightsManifest: [{ ...group, ...changes }] });
  for (
    const [json, sentence] of [
      ["null", /lacks one/],
      ["7", /lacks one/],
      [withGroup({ paths: ["../weights.bin"] }), /is not beside its model\.js/],
      [withGroup({ paths: [".."] }), /is not beside/],
      [withGroup({ paths: [7] }), /is not beside/],
      [withGroup({ paths: ["weights.bin", "weights.bin"] }), /is not beside/],
      [withGroup({ paths: "weights.bin" }), /no lists of paths and weights/],
      [withGroup({ weights: [null] }), /must be float32/],
      [
        withGroup({ weights: [...group.weights, ...group.weights] }),
        /more weights than ours|values at most/,
      ],
      [text.replace('"shape":[9,48]', '"shape":[9,1e12]'), /values at most/],
      [text.replace(/"layers":\[/, '"layers":[null,'), /its layers must be/],
      [text.replace(/\[null,null,9\]/, "[null,1e9,9]"), /1 to 65536 steps/],
      [
        text.replace('"Dropout"', JSON.stringify("\u001b[2J".repeat(9999))),
        /its layers must be .*\\u001b/,
      ],
    ] as const
  ) assert.match(await refusalOf("model.json", json), sentence);
});

Deno.test("importModel() takes nothing in the description of a run on trust", async () => {
  const text = new TextDecoder().decode(await exported("model.json"));
  const { userDefinedMetadata: { immersic: run }, ...rest } = JSON.parse(text);
  const { config, corpus } = run;
  for (
    const [changes, sentence] of [
      [{ vocabulary: ["a", "a"] }, /"a" occurs again/],
      [{ vocabulary: 7 }, /must be an array of strings/],
      [{ vocabulary: ["a"] }, /"lstm\/kernel" must have the shape \[1,48\]/],
      [{ config: { ...config, lstmUnits: 1e9 } }, /must have the shape/],
      [{ config: { ...config, epochs: "many" } }, /epochs must be a whole/],
      [{ config: { ...config, sequenceLength: 1e12 } }, /description of a run/],
      [{ config: null }, /description of a run/],
      [{ corpus: { ...corpus, tokenizer: "midi" } }, /description of a run/],
      [{ corpus: { ...corpus, folder: "../../.." } }, /description of a run/],
      [{ corpus: { ...corpus, heads: 7 } }, /description of a run/],
      [{ workers: 1e9 }, /description of a run/],
      [{ epoch: -1 }, /description of a run/],
      [{ history: [{}] }, /description of a run/],
    ] as const
  ) {
    const json = {
      ...rest,
      userDefinedMetadata: { immersic: { ...run, ...changes } },
    };
    assert.match(await refusalOf("model.json", JSON.stringify(json)), sentence);
  }
});
