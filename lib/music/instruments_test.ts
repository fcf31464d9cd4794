import assert from "node:assert/strict";
import { INSTRUMENTS } from "./instruments.ts";

Deno.test("INSTRUMENTS are General MIDI programs", () => {
  for (const [name, { programs, role }] of Object.entries(INSTRUMENTS)) {
    assert.equal(programs.length === 0, role === "drums", name);
    assert.equal(new Set(programs).size, programs.length, name);
    for (const program of programs) {
      assert(Number.isInteger(program) && program >= 0 && program < 128, name);
    }
  }
});
