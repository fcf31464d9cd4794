import assert from "node:assert/strict";
import { join } from "@std/path";
import { hashOf } from "./format.ts";
import { KnownReadings, READINGS_FILE } from "./known_readings.ts";
import type { PieceReading } from "./reading.ts";

const WAY = { tokenizer: "remi", strict: false };

/** A reading of some tokens of an alphabet. */
function reading(alphabet: number, ...ids: number[]): PieceReading {
  return {
    ids: Int32Array.from(ids),
    alphabet: Array.from({ length: alphabet }, (_, i) => `t${i}`),
    description: undefined,
    twin: hashOf(`${ids}`).slice(0, 16),
    repairs: [{ reason: "ü", count: 2 }],
    dropped: [],
  };
}

const READINGS = {
  [hashOf("a")]: reading(3, 0, 1, 2, 1),
  [hashOf("b")]: { reason: "no notes", message: "The file has no notes." },
  [hashOf("c")]: reading(300, 299, 0),
  [hashOf("d")]: reading(70_000, 69_999),
  [hashOf("e")]: reading(0),
};

/** All that is known, as plain data. */
function shown(known: KnownReadings): unknown {
  return Object.keys(READINGS).map((sha256) => {
    const stored = known.find(sha256);
    if (stored === undefined) return undefined;
    return stored.isRefused ? stored.refusal : {
      ...stored.facts,
      tokens: Array.from(stored.ids, (id) => known.tokens[id]),
      twin: stored.twin,
    };
  });
}

const EXPECTED = Object.values(READINGS).map((reading) => {
  if ("reason" in reading) return reading;
  const { ids, alphabet, description: _, ...facts } = reading;
  return { ...facts, tokens: Array.from(ids, (id) => alphabet[id]) };
});

async function withFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function fill(folder: string): Promise<void> {
  using known = await KnownReadings.open(folder, WAY);
  for (const [sha256, reading] of Object.entries(READINGS)) {
    known.add(sha256, reading);
  }
  // Also those that are not written yet.
  assert.deepEqual(shown(known), EXPECTED);
}

Deno.test("KnownReadings gives back what was added, then and later", () =>
  withFolder(async (folder) => {
    await fill(folder);
    using known = await KnownReadings.open(folder, WAY);
    assert.deepEqual(shown(known), EXPECTED);
    assert.deepEqual(
      Object.keys(READINGS).map((sha256) => known.find(sha256)?.tokens),
      [4, 0, 2, 1, 0],
    );
    assert.equal(known.find(hashOf("f")), undefined);
  }));

Deno.test("KnownReadings forgets what was read in another way", () =>
  withFolder(async (folder) => {
    await fill(folder);
    for (const way of [{ ...WAY, strict: true }, WAY]) {
      using known = await KnownReadings.open(folder, way);
      assert.equal(known.find(hashOf("a")), undefined);
    }
  }));

Deno.test("KnownReadings keeps what is whole where a run was killed, at every byte", () =>
  withFolder(async (folder) => {
    const path = join(folder, READINGS_FILE);
    const two = Object.entries(READINGS).slice(0, 2);
    {
      using known = await KnownReadings.open(folder, WAY);
      for (const [sha256, reading] of two) known.add(sha256, reading);
    }
    const whole = await Deno.readFile(path);
    const counts: number[] = [];
    for (let length = whole.length; length >= 0; length--) {
      await Deno.writeFile(path, whole.subarray(0, length));
      using known = await KnownReadings.open(folder, WAY);
      const found = two.filter(([sha256]) => known.find(sha256));
      counts.push(found.length);
      // Going on gives the bytes of a run that was never killed.
      for (const [sha256, reading] of two.slice(found.length)) {
        known.add(sha256, reading);
      }
      known.flush();
      assert.deepEqual(await Deno.readFile(path), whole, `${length} bytes`);
    }
    assert.deepEqual([...new Set(counts)], [2, 1, 0]);
  }));

Deno.test("KnownReadings drops what is damaged, and all after it", () =>
  withFolder(async (folder) => {
    const path = join(folder, READINGS_FILE);
    await fill(folder);
    const whole = await Deno.readFile(path);
    const header = 12 + JSON.stringify(WAY).length;
    for (const at of [0, 4, 8, 16, 50, 60]) {
      const bytes = whole.slice();
      bytes[header + at]! ^= 0xff;
      await Deno.writeFile(path, bytes);
      using known = await KnownReadings.open(folder, WAY);
      assert.equal(known.find(hashOf("a")), undefined, `byte ${at}`);
      assert.equal((await Deno.stat(path)).size, header);
    }
  }));

Deno.test("KnownReadings wait for a run of this process that is ending", () =>
  withFolder(async (folder) => {
    const known = await KnownReadings.open(folder, WAY);
    setTimeout(() => known[Symbol.dispose](), 1500);
    using _next = await KnownReadings.open(folder, WAY);
  }));

Deno.test("KnownReadings are of one run at a time", () =>
  withFolder(async (folder) => {
    using _known = await KnownReadings.open(folder, WAY);
    await assert.rejects(KnownReadings.open(folder, WAY), {
      name: "LockError",
      message: /another process does so now\. Wait until it is done, or give/,
    });
  }));

Deno.test("KnownReadings.openWhole() refuses readings of another way, and none at all", () =>
  withFolder(async (folder) => {
    await assert.rejects(KnownReadings.openWhole(folder, WAY), {
      name: "FileError",
      message:
        /^Cannot read .*readings\.bin: there is no such file or folder\.$/,
    });
    await fill(folder);
    {
      using known = await KnownReadings.openWhole(folder, WAY);
      assert.deepEqual(shown(known), EXPECTED);
    }
    await assert.rejects(
      KnownReadings.openWhole(folder, { ...WAY, strict: true }),
      { message: /its files were read in another way\.$/ },
    );
  }));

Deno.test("KnownReadings tells where its file was cut short meanwhile", () =>
  withFolder(async (folder) => {
    await fill(folder);
    using known = await KnownReadings.open(folder, WAY);
    await Deno.truncate(join(folder, READINGS_FILE), 70);
    assert.throws(() => shown(known), {
      name: "FileError",
      message: /^Cannot read .*readings\.bin: it is shorter than before\.$/,
    });
  }));
