import assert from "node:assert/strict";
import { encodeGraph } from "./graph.ts";

const FLOAT = 1, INT32 = 3;
const tensor = (id: number, dtype: number, ...shape: number[]) => ({
  ...{ id, shape, dtype },
});
/** The bytes of ASCII text, told by its length. */
const text = (value: string) => [
  value.length,
  ...new TextEncoder().encode(value),
];

Deno.test("encodeGraph() names feeds and results, and writes each node's types and values", () => {
  const x = tensor(7, FLOAT, 2, 3), axes = tensor(8, INT32, 1);
  const sum = tensor(9, FLOAT), parts = [tensor(10, FLOAT), tensor(11, FLOAT)];
  const { bytes, feeds, results } = encodeGraph({
    feeds: [{ tensor: x, varies: false }],
    ops: [
      { op: "Sum", inputs: [x, axes], attributes: [], outputs: [sum] },
      {
        op: "Two",
        inputs: [sum],
        attributes: [{ name: "cell_clip", type: 2, value: -1 }],
        outputs: parts,
      },
    ],
    constants: new Map([[8, {
      tensor: axes,
      bytes: Uint8Array.of(1, 0, 0, 0),
    }]]),
    results: [sum, parts[1]!],
  });
  assert.deepEqual(feeds, ["feed0"]);
  assert.deepEqual(results, ["op0", "op1:1"]);
  const has = (part: readonly number[]) =>
    bytes.some((_, at) => part.every((byte, i) => bytes[at + i] === byte));
  // name (1), op (2), inputs (3)
  assert.ok(has([
    ...[0x0a, ...text("op0"), 0x12, ...text("Sum")],
    ...[0x1a, ...text("feed0"), 0x1a, ...text("constant8")],
  ]));
  // dim (2) { size (1) } twice
  assert.ok(has([0x12, 2, 0x08, 2, 0x12, 2, 0x08, 3]));
  // tensor_content (4)
  assert.ok(has([0x22, 4, 1, 0, 0, 0]));
  // an attribute's key (1), value (2) { f (4) }: −1 as a float
  assert.ok(has([0x0a, ...text("cell_clip"), 0x12, 5, 0x25, 0, 0, 0x80, 0xbf]));
});

Deno.test("encodeGraph() refuses an op whose input is nowhere", () => {
  const x = tensor(7, FLOAT), y = tensor(8, FLOAT);
  assert.throws(
    () =>
      encodeGraph({
        feeds: [],
        ops: [{ op: "Relu", inputs: [x], attributes: [], outputs: [y] }],
        constants: new Map(),
        results: [y],
      }),
    /^Error: Cannot write a graph: tensor 7 is new\.$/,
  );
});
