/** `train`: a corpus to a run of checkpoints. */

import { resolve } from "@std/path";
import {
  type Config,
  configure,
  DEFAULT_CONFIG,
  ORIGINAL_CONFIG,
  runFolder,
} from "../base/base.ts";
import { loadCorpus } from "../corpus/corpus.ts";
import { chooseEngine, ENGINES } from "../lstm/lstm.ts";
import { Training, trainingData } from "../training/training.ts";
import { type Command, fromUsage, UsageError } from "./command.ts";

/** See {@linkcode Command}. */
export const command: Command = {
  usage:
    "--data DIR --run NAME [--epochs N] [--resume] [--recipe default|original] [--set KNOB=VALUE,…] [--workers N] [--engine auto|native|wasm|webgpu|tensorflow] [--json]",
  options: {
    data: "string",
    run: "string",
    epochs: "string",
    resume: "boolean",
    recipe: "string",
    set: "string",
    workers: "string",
    engine: "string",
  },
  words: 0,
  async run(given, progress) {
    const data = resolve(given.required("data"));
    const run = given.required("run");
    const folder = fromUsage(() => runFolder(run));
    const recipe = given.choice("recipe", ["default", "original"]);
    const epochs = given.wholeNumber("epochs");
    const workers = given.wholeNumber("workers", 1);
    const base = recipe === "original" ? ORIGINAL_CONFIG : DEFAULT_CONFIG;
    const asked: Partial<Config> = {
      ...recipe !== undefined && { ...base, epochs: undefined },
      ...knobs(given.text("set")),
      ...epochs !== undefined && { epochs },
    };
    const config = fromUsage(() => configure(asked, base));
    const engine = await chooseEngine(given.choice("engine", ENGINES));
    progress(`${engine.name}: ${engine.reason}`);
    using training = await Training.open({
      folder,
      data: trainingData(await loadCorpus(data), data),
      config,
      asked,
      resume: given.flag("resume"),
      workers,
      engine: engine.name,
    });
    const begun = performance.now();
    for await (const record of training.run()) {
      progress(
        record.kind === "step"
          ? `epoch ${record.epoch} of ${record.epochs}, step ${record.step} of ${record.steps}, loss ${
            record.loss.toFixed(3)
          }, ${record.stepsPerSecond.toFixed(1)} steps/s, ${
            Math.round(record.etaSeconds)
          } s left`
          : `epoch ${record.epoch} of ${record.epochs}, loss ${
            record.trainLoss.toFixed(3)
          }${
            record.validLoss === undefined
              ? ""
              : `, validation ${record.validLoss.toFixed(3)}`
          }, ${Math.round(record.etaSeconds)} s left`,
      );
    }
    const seconds = (performance.now() - begun) / 1000;
    const { history } = training;
    const best = training.bestEpoch;
    const at = history.find(({ epoch }) => epoch === best);
    const text = at === undefined
      ? "Nothing was left to train."
      : `${history.length} epochs, the best ${best}: loss ${
        at.trainLoss.toFixed(3)
      }, validation ${
        at.validLoss?.toFixed(3) ?? "none"
      } nats a token.\nCheckpoints in ${training.folder} after ${
        seconds.toFixed(1)
      } s.`;
    return {
      text,
      json: {
        run,
        folder: training.folder,
        engine: engine.name,
        config: training.config,
        epochs: history.length,
        bestEpoch: best,
        history,
        seconds,
      },
    };
  },
};

/** Knobs from "epochs=3,dropout=0.5". */
function knobs(text: string | undefined): Partial<Config> {
  const pairs = (text ?? "").split(",").filter((pair) => pair !== "");
  return Object.fromEntries(pairs.map((pair) => {
    const [, name = "", value] = /^(\w+)=(.+)$/.exec(pair) ?? [];
    if (!Object.hasOwn(DEFAULT_CONFIG, name)) {
      throw new UsageError(
        `Cannot set "${pair}": it must be KNOB=VALUE, with KNOB one of ${
          Object.keys(DEFAULT_CONFIG).join(", ")
        }.`,
      );
    }
    return [name, valueLike(DEFAULT_CONFIG[name as keyof Config], pair, value)];
  }));
}

/** The value of a knob, of the type that it has by default. */
function valueLike(
  known: Config[keyof Config],
  pair: string,
  value: string,
): number | string | boolean {
  const number = Number(value);
  if (typeof known === "number" && !Number.isNaN(number)) return number;
  if (typeof known === "string") return value;
  if (typeof known === "boolean" && /^(true|false)$/.test(value)) {
    return value === "true";
  }
  throw new UsageError(
    `Cannot set "${pair}": its value must be ${
      typeof known === "number" ? "a number" : "true or false"
    }.`,
  );
}
