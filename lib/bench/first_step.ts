// deno-lint-ignore-file no-console -- a program
// deno-lint-ignore-file no-console -- a program
/** One training step of the original network, in a process that is timed from its start. */
import { ORIGINAL_CONFIG } from "../base/base.ts";
import { Network } from "../lstm/lstm.ts";
import { immersicNetwork, initialWeights } from "../model/model.ts";

const classes = 378;
const spec = immersicNetwork(ORIGINAL_CONFIG, classes);
const network = await Network.create(spec);
network.setWeights(initialWeights(spec, 1));
network.trainStep({
  size: 64,
  steps: 32,
  inputs: new Float32Array(64 * 32).fill(0.5),
  targets: new Int32Array(64).fill(1),
}, { optimizer: "rmsprop", learningRate: 1e-3, step: 1, dropoutKey: 1 });
// What it took before this process ran is the caller's to measure.
console.log("done");
Deno.exit(0);
