import assert from "node:assert/strict";
import { readSettings, SettingError } from "./start.ts";

Deno.test("readSettings() sorts values by notebook and reads them as JSON or text", () => {
  assert.deepEqual(
    readSettings([
      "preprocess.midiFolder=../my midi=files",
      "Immersic.epochs=3",
      "Immersic.startOver=false",
      "Immersic.note=",
    ]),
    {
      preprocess: { midiFolder: "../my midi=files" },
      Immersic: { epochs: 3, startOver: false, note: "" },
    },
  );
});

Deno.test("readSettings() refuses what it cannot understand", () => {
  for (
    const arg of ["epochs=3", "immersic.epochs=3", "Immersic.epochs", "-h"]
  ) {
    assert.throws(
      () => readSettings([arg]),
      (error) =>
        error instanceof SettingError && error.message.includes(`"${arg}"`),
    );
  }
});
