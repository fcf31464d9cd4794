/**
 * The dispatches of a step, planned once for a shape of batch and then repeated:
 * a step allocates nothing, and only its control block changes.
 */
import type { Gpu, Slice } from "./device.ts";
import {
  BLOCK_BYTES,
  type Kernel,
  type Values,
  writeValues,
} from "./kernel.ts";

/** Workgroups by their three dimensions; those left out are one. */
export type Groups = readonly [number, number?, number?];

/** Most workgroups of one dimension. */
const MOST_GROUPS = 65_535;

/** One dispatch, before its parameters have a place. */
interface Planned {
  readonly kernel: Kernel;
  readonly arrays: Readonly<Record<string, Slice>>;
  readonly params: Values<string>;
  readonly groups: Groups;
}

/** One dispatch, ready. */
interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly groups: Groups;
}

/** Dispatches one after another. */
export class Schedule {
  readonly #gpu: Gpu;
  readonly #control: Slice;
  readonly #planned: Planned[] = [];
  #dispatches: Dispatch[] = [];
  #params: GPUBuffer | undefined;

  /** @param control The control block, see `kernel.ts`. */
  constructor(gpu: Gpu, control: Slice) {
    this.#gpu = gpu;
    this.#control = control;
  }

  /** How many dispatches there are. */
  get length(): number {
    return this.#planned.length;
  }

  /** Adds a dispatch; kernels go on by strides where groups do not suffice. */
  add<A extends string, P extends string>(
    kernel: Kernel<A, P>,
    arrays: Readonly<Record<A, Slice>>,
    params: Values<P>,
    groups: Groups,
  ): void {
    this.#planned.push({ kernel, arrays, params, groups });
  }

  /** Makes the dispatches ready; none may be added after. */
  finish(): this {
    const { device } = this.#gpu;
    const bytes = new Uint8Array(this.#planned.length * BLOCK_BYTES);
    const buffer = device.createBuffer({
      size: bytes.length,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    this.#dispatches = this.#planned.map((planned, i) => {
      const { kernel, arrays, params, groups } = planned;
      const offset = i * BLOCK_BYTES;
      writeValues(new DataView(bytes.buffer, offset), kernel.params, params);
      const { pipeline, layout } = this.#gpu.pipelineOf(kernel);
      const block = { buffer, offset, size: BLOCK_BYTES };
      const names = Object.keys(kernel.arrays);
      const slices = [this.#control, block, ...names.map((n) => arrays[n]!)];
      const group = device.createBindGroup({
        label: kernel.name,
        layout,
        entries: slices.map((resource, binding) => ({ binding, resource })),
      });
      return { pipeline, group, groups };
    });
    device.queue.writeBuffer(buffer, 0, bytes);
    this.#params = buffer;
    return this;
  }

  /** Gives the dispatches to the GPU. */
  run(pass: GPUComputePassEncoder): void {
    for (
      const { pipeline, group, groups: [x, y = 1, z = 1] } of this.#dispatches
    ) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(
        Math.min(x, MOST_GROUPS),
        Math.min(y, MOST_GROUPS),
        z,
      );
    }
  }

  /** Frees what the dispatches hold. */
  dispose(): void {
    this.#params?.destroy();
  }
}
