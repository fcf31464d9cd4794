/** What a step is given: a batch, and what does not stay the same, as tensors. */
import type { NetworkSpec, SizedLayer } from "../lstm/lstm.ts";
import type { Device, Tensor } from "./device.ts";
import type { Feed } from "./graph.ts";
import type { Relations, Smoothing, Targets } from "./loss.ts";
import type { LstmStates } from "./lstm_steps.ts";
import type { DropoutMasks } from "./masks.ts";
import type { Hot, Signal } from "./pass.ts";
import { inputColumns, type LoadedBatch, type LoadedShare } from "./rows.ts";

/** Some rows of a batch, on the device. */
export interface ShareFeeds {
  /** B */
  readonly size: number;
  /** The input, with the first layer's dropout. */
  readonly input: Signal;
  /** What the other layers of dropout multiply by, by their numbers. */
  readonly masks: ReadonlyMap<number, Tensor>;
  readonly targets: Targets;
  readonly relations: Relations | undefined;
}

/** All that a step is given. */
export interface StepFeeds {
  /** T */
  readonly steps: number;
  readonly shares: readonly ShareFeeds[];
  readonly smoothing: Smoothing;
  /** All weights, joined. */
  readonly weights: Tensor;
  /** Of each LSTM layer, for all rows; undefined for zeros. */
  readonly states: readonly LstmStates[] | undefined;
  /** All tensors of the above, by names that tell which there are. */
  readonly all: ReadonlyMap<string, Feed>;
}

/** What is known of a network beside its weights. */
export interface FeedSource {
  readonly device: Device;
  readonly spec: NetworkSpec;
  readonly sized: readonly SizedLayer[];
  readonly masks: DropoutMasks;
}

/** What a step is made of. */
export interface StepInput {
  readonly batch: LoadedBatch;
  readonly weights: Tensor;
  readonly states: readonly LstmStates[] | undefined;
  /** Decides what is dropped; undefined without dropout. */
  readonly dropoutKey: number | undefined;
  /** Share of each target spread over all classes. */
  readonly smoothing: number;
}

/** Makes the tensors of a step. */
export function feedsOf(source: FeedSource, input: StepInput): StepFeeds {
  const { device, spec } = source, { batch, weights, states } = input;
  const all = new Map<string, Feed>();
  const add = (name: string, tensor: Tensor, varies = false): Tensor => {
    all.set(name, { tensor, varies });
    return tensor;
  };
  add("weights", weights);
  states?.forEach(({ h, c }, i) => {
    add(`h${i}`, h);
    add(`c${i}`, c);
  });
  const shares = batch.shares.map((share, i) =>
    feedsOfShare(
      source,
      input,
      share,
      (name, tensor, varies) => add(`${name} ${i}`, tensor, varies),
    )
  );
  const classes = source.sized.at(-1)!.outputSize -
    (spec.relations?.count ?? 0);
  const even = input.smoothing / classes;
  const smoothing = {
    on: add("on", device.scalar(1 - input.smoothing + even)),
    off: add("off", device.scalar(even)),
  };
  return { steps: batch.steps, shares, smoothing, weights, states, all };
}

type Add = (name: string, tensor: Tensor, varies?: boolean) => Tensor;

function feedsOfShare(
  { device, spec, sized, masks }: FeedSource,
  { batch, dropoutKey: key }: StepInput,
  share: LoadedShare,
  add: Add,
): ShareFeeds {
  const { first, size } = share;
  /** What a layer multiplies by; undefined without dropout. */
  const factors = (number: number, columns: number) => {
    const { layer, lastStepOnly } = sized[number]!;
    if (layer.kind !== "dropout" || layer.rate === 0) return undefined;
    if (key === undefined) return undefined;
    const rows = lastStepOnly ? size : share.rows, { rate } = layer;
    const place = { first, size, batch: batch.size };
    const values = masks.of({
      layer: number,
      key,
      rate,
      rows,
      columns,
      ...place,
    });
    return { values, rows };
  };
  const inner = new Map<number, Tensor>();
  sized.forEach(({ inputSize: columns }, number) => {
    const mask = number > 0 && factors(number, columns);
    if (!mask) return;
    const { values, rows } = mask;
    const tensor = device.tensor(values.slice(), [rows, columns]);
    inner.set(number, add(`mask${number}`, tensor));
  });
  const places = share.relations();
  const relations = places && {
    scores: add("scores", column(device, places.scores), true),
    logits: add("logits", column(device, places.logits), true),
  };
  const dropped = factors(0, inputColumns(spec))?.values;
  return {
    size,
    input: signalOf(device, spec, share, dropped, add),
    masks: inner,
    targets: targetsOf(device, sized.at(-1)!, spec, share, batch.counted, add),
    relations,
  };
}

const column = (device: Device, values: Int32Array) =>
  device.tensor(values, [values.length, 1]);

/** The input with the first layer's dropout, which costs nothing here. */
function signalOf(
  device: Device,
  { input }: NetworkSpec,
  share: LoadedShare,
  mask: Float32Array | undefined,
  add: Add,
): Signal {
  const { rows } = share;
  if (input.kind === "dense") {
    const x = share.floats();
    if (mask) { for (let i = 0; i < x.length; i++) x[i]! *= mask[i]!; }
    return { dense: add("input", device.tensor(x, [rows, input.size])) };
  }
  const { places, values } = share.hot(mask), n = values.length;
  const hot: Hot = {
    places: add("places", device.tensor(places, [n, 2]), true),
    values: add("values", device.tensor(values), true),
    ...{ rows, features: input.size },
  };
  return { hot };
}

function targetsOf(
  device: Device,
  top: SizedLayer,
  { loss }: NetworkSpec,
  share: LoadedShare,
  counted: number,
  add: Add,
): Targets {
  const isSoftmax = loss === "softmax";
  const columns = isSoftmax ? 1 : top.outputSize;
  const values = share.targets(), rows = values.length / columns;
  const scale = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    if (values[row * columns]! >= 0) scale[row] = 1 / counted;
    else if (!isSoftmax) values.fill(0, row * columns, (row + 1) * columns);
  }
  const shape = isSoftmax ? [rows] : [rows, columns];
  return {
    values: add("targets", device.tensor(values, shape)),
    scale: add("scale", device.tensor(scale, [rows, 1])),
  };
}
