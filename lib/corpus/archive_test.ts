import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { unpack } from "./archive.ts";
import { tar, zip } from "./archive_fixtures.ts";

async function shown(bytes: Uint8Array): Promise<string[]> {
  return (await unpack(bytes)).map(({ path, bytes }) =>
    `${path}: ${new TextDecoder().decode(bytes)}`
  );
}

const LONG = "x".repeat(2000);

Deno.test("unpack() reads stored and deflated files of a ZIP", async () => {
  const bytes = zip([
    ["top/", "", 0],
    ["top/a.mid", "one", 0],
    ["top/b/c.mid", LONG],
    ["empty", ""],
  ]);
  const expected = ["top/a.mid: one", `top/b/c.mid: ${LONG}`, "empty: "];
  assert.deepEqual(await shown(bytes), expected);
});

Deno.test("unpack() reads a TAR, gzipped or not", async () => {
  const bytes = tar([
    ["pax_global_header", "26 comment=0123456789abcde\n", "g"],
    ["top/", "", "5"],
    ["top/a.mid", "one"],
    ["link", "", "2"],
    ["top/b.mid", LONG],
  ]);
  const expected = ["top/a.mid: one", `top/b.mid: ${LONG}`];
  assert.deepEqual(await shown(bytes), expected);
  assert.deepEqual(await shown(gzipSync(bytes)), expected);
});

Deno.test("unpack() reads the long paths of a TAR", async () => {
  const long = `${"folder/".repeat(30)}name.mid`;
  const split = tar([["name.mid", "ustar"]]);
  split.set(new TextEncoder().encode("some/folder"), 345);
  const table: [Uint8Array, string][] = [
    [
      tar([["././@LongLink", `${long}\0`, "L"], ["cut", "gnu"]]),
      `${long}: gnu`,
    ],
    [tar([["x", `230 path=${long}\n`, "x"], ["cut", "pax"]]), `${long}: pax`],
    [split, "some/folder/name.mid: ustar"],
  ];
  for (const [bytes, expected] of table) {
    assert.deepEqual(await shown(bytes), [expected]);
  }
});

Deno.test("unpack() refuses bytes that are no archive, truncated or compressed otherwise", async () => {
  const zipped = zip([["a", LONG]]), tarred = tar([["a", LONG]]);
  const gzipped = new Uint8Array(gzipSync(tarred));
  const bad = [
    new Uint8Array(),
    new TextEncoder().encode("PK is no magic on its own"),
    new TextEncoder().encode("neither of them".repeat(100)),
    zipped.subarray(0, zipped.length - 10),
    zipped.subarray(10),
    tarred.subarray(0, 1000),
    gzipped.subarray(0, gzipped.length - 20),
  ];
  for (const bytes of bad) {
    await assert.rejects(unpack(bytes), {
      name: "ArchiveError",
      message: new RegExp(`its ${bytes.length} bytes are no whole ZIP`),
    });
  }
});

Deno.test("unpack() names what it does not read", async () => {
  const text: [string, string][] = [["a", "text"]];
  const table: [Uint8Array, RegExp][] = [
    [
      zip([["a", "text", 12]]),
      /"a" must be stored or deflated, current method is 12\. Unpack it with/,
    ],
    [zip(text, { flags: 1 }), /"a" is encrypted\. Unpack it with another/],
    [zip(text, { size: 0xffffffff }), /"a" is stored as ZIP64\. Unpack it/],
    [zip(text, { size: 2 ** 31 }), /1073741824 bytes together at most/],
  ];
  for (const [bytes, message] of table) {
    await assert.rejects(unpack(bytes), { name: "ArchiveError", message });
  }
});

Deno.test("unpack() stops where more comes out than an archive says", async () => {
  const bomb = zip([["a", "0".repeat(10_000_000)]], { size: 10 });
  await assert.rejects(unpack(bomb), { message: /no whole ZIP/ });
  const bytes = new Uint8Array(20_000_000);
  bytes.set([0x50, 0x4b]);
  const begun = performance.now();
  await assert.rejects(unpack(bytes), { message: /no whole ZIP/ });
  assert.ok(performance.now() - begun < 1000, "searches only the last 64 KB");
  const backward = tar([["a", ""]]);
  backward.set(new TextEncoder().encode("-1000"), 124);
  await assert.rejects(unpack(backward), { message: /no whole ZIP/ });
});

Deno.test("unpack() refuses paths outside of the folder", async () => {
  for (
    const path of ["../a", "a/../../b", "/etc/a", "c:\\a", "a\\..\\b", ".."]
  ) {
    for (const bytes of [zip([[path, "x"]]), tar([[path, "x"]])]) {
      await assert.rejects(unpack(bytes), {
        name: "ArchiveError",
        message: /would not stay in the folder/,
      });
    }
  }
  assert.deepEqual(await shown(tar([["a..b/..c", "x"]])), ["a..b/..c: x"]);
});
