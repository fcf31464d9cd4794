import assert from "node:assert/strict";
import { nearestName, requireKnownNames, requireOneOf } from "./known_names.ts";

const NAMES = ["corpus", "epochs", "midiFolder", "run"];

Deno.test("nearestName() finds the name meant, and none where none is near", () => {
  assert.equal(nearestName("epoch", NAMES), "epochs");
  assert.equal(nearestName("midi_folder", NAMES), "midiFolder");
  assert.equal(nearestName("Midifolder", NAMES), "midiFolder");
  assert.equal(nearestName("colour", NAMES), undefined);
  assert.equal(nearestName("nur", NAMES), undefined);
});

Deno.test("requireKnownNames() refuses an unknown name, and says which there are", () => {
  requireKnownNames("options", NAMES, ["run", "epochs"]);
  assert.throws(() => requireKnownNames("options", NAMES, ["run", "epoch"]), {
    name: "RangeError",
    message: 'Cannot set options: there is no "epoch". Did you mean "epochs"?',
  });
  assert.throws(() => requireKnownNames("options", NAMES, ["colour"]), {
    message:
      'Cannot set options: there is no "colour". There are corpus, epochs, midiFolder, run.',
  });
});

Deno.test("requireOneOf() refuses another word, and says which was meant or which there are", () => {
  requireOneOf("the engine", ["native", "wasm"], "wasm");
  assert.throws(() => requireOneOf("the engine", ["native", "wasm"], "wsm"), {
    name: "RangeError",
    message: 'Cannot set the engine to "wsm". Did you mean "wasm"?',
  });
  assert.throws(() => requireOneOf("the engine", ["native", "wasm"], 7), {
    message: "Cannot set the engine to 7. It may be native or wasm.",
  });
});
