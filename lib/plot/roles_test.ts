import assert from "node:assert/strict";
import { partRole } from "./roles.ts";

Deno.test("partRole() goes by the name, then by the General MIDI family", () => {
  const roles = [
    ["Soft Bass", 0],
    ["warm pad", 0],
    ["Lead", 0],
    ["Felt piano", 90],
    ["", 4],
    ["", 24],
    ["", 38],
    ["", 48],
    ["", 73],
    ["", 89],
  ].map(([name, program]) =>
    partRole({ name: String(name), program: Number(program), isDrum: false })
  );
  assert.deepEqual(roles, [
    "Bass",
    "Pad",
    "Melody",
    "Keys",
    "Keys",
    "Keys",
    "Bass",
    "Pad",
    "Melody",
    "Pad",
  ]);
  assert.equal(partRole({ name: "Bass", program: 33, isDrum: true }), "Drums");
});
