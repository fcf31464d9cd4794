import assert from "node:assert/strict";
import { basename, join } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";
import { projectNotebooks } from "./notebook_check.ts";
import { parameterNames, readSettings, SettingError } from "./start.ts";

const KNOWN = {
  preprocess: ["midiFolder", "corpus"],
  Immersic: ["corpus", "epochs", "run", "liveWindow"],
};

Deno.test("readSettings() sorts values by notebook and reads them as JSON or text", () => {
  assert.deepEqual(
    readSettings([
      "preprocess.midiFolder=../my midi=files",
      "epochs=3",
      "Immersic.liveWindow=false",
      "Immersic.run=",
    ], KNOWN),
    {
      preprocess: { midiFolder: "../my midi=files" },
      Immersic: { epochs: 3, liveWindow: false, run: "" },
    },
  );
});

Deno.test("readSettings() sets a parameter in each notebook that has it", () => {
  assert.deepEqual(readSettings(["corpus=mine"], KNOWN), {
    preprocess: { corpus: "mine" },
    Immersic: { corpus: "mine" },
  });
});

Deno.test("readSettings() refuses what it cannot understand, and says what was meant", () => {
  for (
    const [arg, message] of [
      ["Immersic.epochs", /must look like epochs=3 .+ "Immersic\.epochs"\.$/],
      ["-h", /must look like epochs=3/],
      [
        "immersic.epochs=3",
        /no such notebook\. Did you mean Immersic\.epochs\?/,
      ],
      ["tour.run=a", /no such notebook\. There are preprocess and Immersic\./],
      ["epoch=3", /no "epoch"\. Did you mean "epochs"\?/],
      ["preprocess.epochs=3", /no "epochs"\. There are corpus, midiFolder\./],
    ] as const
  ) {
    assert.throws(
      () => readSettings([arg], KNOWN),
      (error) => error instanceof SettingError && message.test(error.message),
      arg,
    );
  }
});

Deno.test("parameterNames() finds the parameters of every notebook of the project", async () => {
  for (const path of await projectNotebooks()) {
    const names = await parameterNames(path);
    const shared = basename(path) === "tour.ipynb" ? "prompt" : "corpus";
    assert.ok(names.includes(shared), `${path}: ${names}`);
    assert.ok(names.length >= 4, `${path}: ${names}`);
  }
});

Deno.test("parameterNames() says of a notebook that is not there how it comes back", async () => {
  const gone = join(PROJECT_FOLDER, "notebooks", "gone.ipynb");
  await assert.rejects(parameterNames(gone), {
    name: "SettingError",
    message: /git checkout notebooks.gone\.ipynb/,
  });
});
