import assert from "node:assert/strict";
import { prepareCell } from "./cell_code.ts";

/** What becomes of a cell, with a short name for the function. */
const CELLS: readonly (readonly [cell: string, prepared: string])[] = [
  ["await f();", "await __s(f());"],
  ["const a = await f(1), b = 2;", "const a = await __s(f(1)), b = 2;"],
  ["await (a, b)", "await __s((a, b))"],
  ["await f(await g())", "await __s(f(await __s(g())))"],
  ["await await x", "await __s(await __s(x))"],
  ["await x as number", "await __s(x) as number"],
  ["await new Foo<string>()", "await __s(new Foo<string>())"],
  ["await /* why */ x // because", "await /* why */ __s(x) // because"],
  ["await\n  x\n+ 1", "await\n  __s(x)\n+ 1"],
  ["if (a) { await x; }", "if (a) { await __s(x); }"],
  ["for (const x of await y) z(x);", "for (const x of await __s(y)) z(x);"],
  [
    "for await (const x of y) z(x);",
    "for await (const x of __s.each(y)) z(x);",
  ],
  [
    "for await (const x of await y) z(x);",
    "for await (const x of __s.each(await __s(y))) z(x);",
  ],
  ["`${await x} and ${await y}`", "`${await __s(x)} and ${await __s(y)}`"],
  ["await using a = await f();", "await using a = await __s(f());"],
  ["@dec class A {}\nawait x", "@dec class A {}\nawait __s(x)"],
  [
    "const { a = await f() } = await g();",
    "const { a = await __s(f()) } = await __s(g());",
  ],
  ["await import('./x.ts')", "await __s(import('./x.ts'))"],
  ["[await x, ...await y]", "[await __s(x), ...await __s(y)]"],
  [
    "label: for (;;) { await x; break label; }",
    "label: for (;;) { await __s(x); break label; }",
  ],
  ["await x!.y?.z()", "await __s(x!.y?.z())"],
  ["await <string>x", "await __s(<string>x)"],
  ["const p = <b>{await x}</b>;", "const p = <b>{await __s(x)}</b>;"],
  ["'use strict'; await x", "'use strict'; await __s(x)"],
  ["await x satisfies T", "await __s(x) satisfies T"],
  ["await -x ** 2", "await -x ** 2"], // refused, also by Deno
  ["😀 = 1; await x", "😀 = 1; await x"], // likewise
  ["const s = '😀'; await x", "const s = '😀'; await __s(x)"],
];

/** Cells that stay as they are. */
const UNCHANGED: readonly string[] = [
  "1 + 1",
  "// await nothing",
  "'await x'",
  "async () => await x",
  "async function f() { for await (const x of y) await z; }",
  "class A { async f() { await x; } static async g() { await y; } }",
  "const o = { async f() { await x; }, g: async () => await y };",
  "async function* f() { yield await x; }",
  "class A { static { f(async () => { await x; }); } }",
  "await",
  "await )",
  "{ a: await x, b: 1 }",
  "const awaited = 1;",
  "",
];

Deno.test("prepareCell() passes on what a cell awaits at its top level", () => {
  for (const [cell, prepared] of CELLS) {
    assert.equal(prepareCell(cell).replace(/, \d+\)/g, ")"), prepared);
  }
});

Deno.test("prepareCell() leaves functions alone, and cells that cannot be parsed", () => {
  for (const cell of UNCHANGED) assert.equal(prepareCell(cell), cell);
});

Deno.test("prepareCell() tells the line of what is awaited", () => {
  assert.equal(
    prepareCell("await a;\n\nawait (\n  b\n);"),
    "await __s(a, 1);\n\nawait __s((\n  b\n), 3);",
  );
});
