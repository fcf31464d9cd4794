import assert from "node:assert/strict";
import {
  basename,
  dirname,
  extname,
  fromFileUrl,
  isAbsolute,
  join,
  normalize,
  relative,
  resolve,
  SEPARATOR,
  toFileUrl,
} from "@std/path";

/** Writes a path of this test the way the system writes it. */
const native = (path: string) => path.replaceAll("/", SEPARATOR);

Deno.test("join() joins and normalizes, and gives . for nothing", () => {
  assert.equal(join("data", "midi", "../starter"), native("data/starter"));
  assert.equal(join(""), ".");
});

Deno.test("basename(), dirname() and extname() take a path apart", () => {
  const path = native("data/midi/a.b.mid");
  assert.equal(basename(path), "a.b.mid");
  assert.equal(basename(path, ".mid"), "a.b");
  assert.equal(dirname(path), native("data/midi"));
  assert.equal(extname(path), ".mid");
  assert.equal(extname(".gitignore"), "");
});

Deno.test("resolve(), relative() and isAbsolute() know the current folder", () => {
  const path = resolve("data", "a.mid");
  assert(isAbsolute(path));
  assert.equal(path, join(Deno.cwd(), "data", "a.mid"));
  assert.equal(relative(Deno.cwd(), path), native("data/a.mid"));
  assert.equal(relative(join(path, "x"), path), "..");
});

Deno.test("normalize() removes what leads nowhere", () => {
  assert.equal(normalize("a/./b//c/.."), native("a/b"));
});

Deno.test("fromFileUrl() undoes toFileUrl() for awkward names", () => {
  for (const name of ["a b.mid", "50%.mid", "Ä#?.mid", "x;y.mid"]) {
    const path = resolve(name);
    assert.equal(fromFileUrl(toFileUrl(path)), path);
    assert.equal(fromFileUrl(toFileUrl(path).href), path);
  }
});

Deno.test("fromFileUrl() refuses other schemes", () => {
  assert.throws(() => fromFileUrl("https://example.com/a.mid"), TypeError);
});

Deno.test("toFileUrl() refuses a relative path", () => {
  assert.throws(() => toFileUrl("a.mid"), /must be absolute.*"a\.mid"/);
});
