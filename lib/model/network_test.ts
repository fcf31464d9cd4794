import assert from "node:assert/strict";
import { ORIGINAL_CONFIG } from "../base/base.ts";
import { RELATIONS } from "../context/context.ts";
import { countParameters, describeModel, immersicNetwork } from "./network.ts";

Deno.test("immersicNetwork() has the layers and the 333,626 parameters of the original", () => {
  const spec = immersicNetwork(ORIGINAL_CONFIG, 378);
  assert.deepEqual(spec.layers.map(({ kind }) => kind), [
    ...["dropout", "lstm", "dense", "dense", "lstm", "dense", "lstm", "dense"],
  ]);
  assert.equal(countParameters(spec), 333_626);
});

Deno.test("immersicNetwork() shown the context takes features, and scores relations beside the tokens", () => {
  const spec = immersicNetwork(
    { ...ORIGINAL_CONFIG, input: "context" },
    378,
    900,
  );
  const { input, relations, layers } = spec;
  assert.ok(input.kind === "sparse" && input.size === 900);
  assert.equal(relations?.count, RELATIONS);
  const units = 378 + RELATIONS;
  assert.deepEqual(layers.at(-1), { kind: "dense", name: "dense_3", units });
});

Deno.test("describeModel() gives shapes and parameters that add up", () => {
  const rows = describeModel(immersicNetwork(ORIGINAL_CONFIG, 378));
  assert.deepEqual(rows[1], {
    layer: "lstm (lstm)",
    output: "[B, T, 128]",
    parameters: 66_560,
  });
  assert.deepEqual(rows.at(-3)!.output, "[B, 378]");
  const sum = rows.slice(0, -1).reduce((sum, row) => sum + row.parameters, 0);
  assert.equal(rows.at(-1)!.parameters, sum);
});
