// deno-lint-ignore-file no-console -- a program
// deno-lint-ignore-file no-console -- a program
/**
 * The benchmarks' peer in tf.layers on the WebAssembly backend: the original
 * network, trained step by step when told. See `peer.ts`.
 */
import * as tf from "@tensorflow/tfjs-core";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { configure, ORIGINAL_CONFIG } from "../base/base.ts";
import {
  immersicNetwork,
  initialWeights,
  layersModel,
} from "../model/model.ts";
import { TextLineStream } from "./lines.ts";

const [units = 0, steps = 0, classes = 0] = Deno.args.map(Number);
const folder = import.meta.resolve("@tensorflow/tfjs-backend-wasm");
setWasmPaths(
  folder.slice(0, folder.lastIndexOf("/") + 1).replace("file://", ""),
);
await tf.setBackend("wasm");
const spec = immersicNetwork(
  configure({ lstmUnits: units }, ORIGINAL_CONFIG),
  classes,
);
const model = await layersModel(spec, initialWeights(spec, 1));
model.compile({
  optimizer: tf.train.rmsprop(1e-3) as never,
  loss: "categoricalCrossentropy",
});
const x = tf.randomUniform([64, steps, 1]);
const labels = tf.randomUniform([64], 0, classes, "int32") as tf.Tensor1D;
const y = tf.cast(tf.oneHot(labels, classes), "float32");

const say = (value: unknown) => console.log(JSON.stringify(value));
say({ ready: "tfjs", version: tf.version_core });
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream())
  .pipeThrough(new TextLineStream());
for await (const line of lines) {
  const { n } = JSON.parse(line);
  const milliseconds: number[] = [];
  for (let i = 0; i < n; i++) {
    const begun = performance.now();
    await model.trainOnBatch(x, y);
    milliseconds.push(performance.now() - begun);
  }
  say(milliseconds);
}
