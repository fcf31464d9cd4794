import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Random } from "../base/base.ts";
import { CORPUS_VERSION } from "./corpus_error.ts";
import { decodeTokenFile, tokenFileParts } from "./token_file.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";

const VOCABULARY = Vocabulary.fromTokens(["a", "b", "c"]);
const PIECES = [
  Int32Array.of(2, 0, 1),
  Int32Array.of(),
  Int32Array.of(1),
];

function tokenFileBytes(
  pieces: readonly Int32Array[],
  vocabulary: Vocabulary,
): Uint8Array {
  return new Uint8Array(
    Buffer.concat([...tokenFileParts(pieces, vocabulary)]),
  );
}

Deno.test("decodeTokenFile() gives back what tokenFileParts() was given", () => {
  const bytes = tokenFileBytes(PIECES, VOCABULARY);
  assert.deepEqual(decodeTokenFile(bytes, VOCABULARY), PIECES);
  assert.deepEqual(
    decodeTokenFile(tokenFileBytes([], VOCABULARY), VOCABULARY),
    [],
  );
});

Deno.test("decodeTokenFile() undoes tokenFileParts() for random pieces of random vocabularies", () => {
  const random = new Random(1);
  for (let i = 0; i < 15; i++) {
    const size = 1 + random.int(random.next() < 0.5 ? 4 : 70_000);
    const vocabulary = Vocabulary.fromTokens(
      Array.from({ length: size }, (_, id) => `t${id}`),
    );
    const pieces = Array.from(
      { length: random.int(5) },
      () => Int32Array.from({ length: random.int(40) }, () => random.int(size)),
    );
    const bytes = tokenFileBytes(pieces, vocabulary);
    assert.deepEqual(decodeTokenFile(bytes, vocabulary), pieces);
  }
});

Deno.test("tokenFileParts() writes the layout of version 1", () => {
  const bytes = tokenFileBytes([Int32Array.of(2, 1)], VOCABULARY);
  assert.equal(CORPUS_VERSION, 1);
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join(
    "",
  );
  assert.equal(
    hex,
    "494d4d54" + "01000000" + "01000000" + "03000000" + VOCABULARY.hash +
      "02000000" + "02000000" + "01000000",
  );
});

Deno.test("decodeTokenFile() reads bytes that lie anywhere in a buffer", () => {
  const bytes = tokenFileBytes(PIECES, VOCABULARY);
  const shifted = new Uint8Array(bytes.length + 3).subarray(3);
  shifted.set(bytes);
  assert.deepEqual(decodeTokenFile(shifted, VOCABULARY), PIECES);
});

Deno.test("decodeTokenFile() refuses other files, versions, vocabularies and damage", () => {
  const good = tokenFileBytes(PIECES, VOCABULARY);
  const changed = (offset: number, byte: number) => {
    const bytes = good.slice();
    bytes[offset] = byte;
    return bytes;
  };
  const table: [Uint8Array, RegExp][] = [
    [new Uint8Array(), /at least 48 bytes .* 0 and ""/],
    [new TextEncoder().encode("MThd".repeat(20)), /begin with "IMMT".*"MThd"/],
    [good.subarray(0, 40), /current values are 40 and "IMMT"/],
    [changed(4, 9), /version 1, current value is 9/],
    [changed(20, good[20]! ^ 1), /another vocabulary/],
    [good.subarray(0, good.length - 1), /does not fit its 3 pieces/],
    [good.subarray(0, good.length - 4), /does not fit its 3 pieces/],
    [Uint8Array.of(...good, 0, 0, 0, 0), /does not fit its 3 pieces/],
    [changed(11, 0xff), /does not fit its 4278190083 pieces/],
    [changed(51, 0xff), /does not fit its 3 pieces/],
    [changed(60, 3), /ids must be below 3, current value is 3/],
    [changed(63, 0x80), /ids must be below 3, current value is -/],
  ];
  for (const [bytes, message] of table) {
    assert.throws(() => decodeTokenFile(bytes, VOCABULARY), {
      name: "CorpusError",
      message,
    });
  }
  const other = Vocabulary.fromTokens(["a", "b", "c", "d"]);
  assert.throws(() => decodeTokenFile(good, other), {
    name: "CorpusError",
    message: /another vocabulary, of 3 tokens where this one has 4/,
  });
});
