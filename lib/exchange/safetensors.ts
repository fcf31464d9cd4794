// deno-lint-ignore-file camelcase -- the keys are the format's.
/**
 * safetensors: eight bytes with the length of a header of JSON, the header, and the
 * values, all little-endian (https://github.com/huggingface/safetensors). Weights are
 * named and laid out as PyTorch has them, so that `load_state_dict` takes them; the
 * description of the run is in `__metadata__`.
 */

import {
  checkedShape,
  ExchangeError,
  type ExportedModel,
  fieldsOf,
  type FileModel,
  parseRun,
  RUN_KEY,
  type Tensor,
  tensorsOf,
  told,
  transposed,
  WEIGHT_NAMES,
} from "./file_model.ts";
import { bytesOf } from "./tfjs_file.ts";

/** Makes a `.safetensors`. */
export function writeSafetensors(model: ExportedModel): Uint8Array {
  const tensors = toTorch(tensorsOf(model));
  let at = 0;
  const entries = Array.from(tensors, ([name, { shape, values }]) => {
    const data_offsets = [at, at += values.byteLength];
    return [name, { dtype: "F32", shape, data_offsets }] as const;
  });
  const text = JSON.stringify({
    __metadata__: { format: "pt", [RUN_KEY]: JSON.stringify(model.run) },
    ...Object.fromEntries(entries),
  });
  const json = new TextEncoder().encode(text);
  // Values begin at a multiple of eight, as the format asks.
  const header = new Uint8Array(8 + 8 * Math.ceil(json.length / 8)).fill(0x20);
  header.set(json, 8);
  new DataView(header.buffer)
    .setBigUint64(0, BigInt(header.length - 8), true);
  const bytes = new Uint8Array(header.length + at);
  bytes.set(header);
  bytes.set(bytesOf(tensors.values()), header.length);
  return bytes;
}

/**
 * Reads a `.safetensors` with weights as PyTorch names them.
 *
 * @throws {ExchangeError} If it is none, or a value is not of 32 bits.
 */
export function readSafetensors(bytes: Uint8Array): FileModel {
  const refuse = (why: string) =>
    new ExchangeError(`Cannot import the network: ${why}.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8
    ? Infinity
    : Number(view.getBigUint64(0, true));
  if (8 + length > bytes.length) {
    throw refuse(
      `its ${bytes.length} bytes are no whole safetensors file. Was it cut short`,
    );
  }
  let header: Readonly<Record<string, unknown>>;
  try {
    header = fieldsOf(
      JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))),
    );
  } catch {
    throw refuse("the header of its safetensors file is not JSON");
  }
  const { __metadata__: metadata, ...entries } = header;
  const tensors = new Map<string, Tensor>();
  const mostValues = (bytes.length - 8 - length) / 4;
  for (const [name, entry] of Object.entries(entries)) {
    if (!TORCH_NAMES.has(name)) continue;
    const { dtype, shape: stated, data_offsets: offsets } = fieldsOf(entry);
    if (dtype !== "F32") {
      throw refuse(
        `"${name}" must be F32, current value is ${
          told(dtype)
        }. Save it in 32 bits`,
      );
    }
    const shape = checkedShape(name, stated, mostValues);
    const size = 4 * shape.reduce((product, n) => product * n, 1);
    const [from = NaN, to = NaN] = Array.isArray(offsets)
      ? offsets.map(Number)
      : [];
    const first = 8 + length + from, last = 8 + length + to;
    if (!(from >= 0 && to - from === size && last <= bytes.length)) {
      throw refuse(
        `the values of "${name}" must be ${size} bytes in the file, current value is ${
          told(from)
        } to ${told(to)}`,
      );
    }
    const values = new Float32Array(bytes.slice(first, last).buffer);
    tensors.set(name, { shape, values });
  }
  const text = fieldsOf(metadata)[RUN_KEY];
  const run = parseRun(text === undefined ? undefined : String(text));
  return { tensors: fromTorch(tensors), ...run && { run } };
}

/** Names that PyTorch gives a weight: the bias of an LSTM layer has two. */
function torchNames(name: string): readonly string[] {
  const [layer, part] = name.split("/");
  if (part === "recurrent_kernel") return [`${layer}.weight_hh_l0`];
  const isLstm = layer!.startsWith("lstm");
  if (part === "kernel") {
    return [`${layer}.${isLstm ? "weight_ih_l0" : "weight"}`];
  }
  return isLstm
    ? [`${layer}.bias_ih_l0`, `${layer}.bias_hh_l0`]
    : [`${layer}.bias`];
}

const TORCH_NAMES: ReadonlySet<string> = new Set(
  WEIGHT_NAMES.flatMap(torchNames),
);

/**
 * Keras's weights as PyTorch has them: matrices turned over, and of an LSTM layer two
 * biases that are added up, the second one zero. The order of the gates is the same.
 */
function toTorch(
  tensors: ReadonlyMap<string, Tensor>,
): Map<string, Tensor> {
  return new Map(
    Array.from(tensors).flatMap(([name, tensor]) => {
      const [first, second] = torchNames(name);
      const isMatrix = tensor.shape.length === 2;
      const values = new Float32Array(tensor.values.length);
      return [
        [first!, isMatrix ? transposed(tensor) : tensor] as const,
        ...second === undefined
          ? []
          : [[second, { ...tensor, values }] as const],
      ];
    }),
  );
}

/** Undoes {@linkcode toTorch}. */
function fromTorch(torch: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const name of WEIGHT_NAMES) {
    const [first, second] = torchNames(name).map((one) => torch.get(one));
    if (!first) continue;
    if (second && second.values.length !== first.values.length) {
      throw new ExchangeError(
        `Cannot import the network: the two biases of "${name}" must be of one size, current value is ${first.values.length} and ${second.values.length}.`,
      );
    }
    const values = first.values.map((x, i) => x + (second?.values[i] ?? 0));
    const { shape } = first;
    tensors.set(
      name,
      shape.length === 2 ? transposed(first) : { shape, values },
    );
  }
  return tensors;
}
