import assert from "node:assert/strict";
import { familyOf } from "./families.ts";

Deno.test("familyOf() knows every program's family, and drums", () => {
  const family = (program: number, isDrum = false) =>
    familyOf({ name: "", program, isDrum });
  assert.deepEqual(
    [0, 4, 11, 16, 27, 33, 48, 73, 81, 89, 104, 127].map((p) => family(p)),
    [
      ...["Piano", "Piano", "Mallets", "Organ", "Guitar", "Bass", "Strings"],
      ...["Winds", "Lead", "Pad", undefined, undefined],
    ],
  );
  assert.equal(family(0, true), "Drums");
});
