// deno-lint-ignore-file no-console -- a test says why it is ignored
// deno-lint-ignore-file no-console -- says why tests are skipped
import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";
import { kerasDifference } from "./keras_weights.ts";
import { Peer } from "./peer.ts";

const python = join(PROJECT_FOLDER, ".venv-bench", "bin", "python");
const installed = await Deno.stat(python).then(() => true, () => false);
if (!installed) {
  console.log(
    "Weights are not loaded in Keras here: deno task bench installs it.",
  );
}

Deno.test({
  name:
    "saveCheckpoint() saves weights that Keras loads, with the same outputs to 1e-5",
  ignore: !installed,
  async fn() {
    const script = fromFileUrl(new URL("./peers.py", import.meta.url));
    await using keras = await Peer.start("Keras", python, [
      script,
      ...["keras", "8", "8", "8"],
    ]);
    const difference = await kerasDifference(keras);
    assert.ok(difference < 1e-5, `${difference}`);
  },
});
