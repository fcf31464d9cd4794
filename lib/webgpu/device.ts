/** The GPU: its adapter, its limits, and what went wrong with it. */
import { type Kernel, wgslOf } from "./kernel.ts";

/** Part of a buffer, in bytes. */
export interface Slice {
  /** The whole buffer. */
  readonly buffer: GPUBuffer;
  /** Where the part begins, a multiple of 256. */
  readonly offset: number;
  /** Its length. */
  readonly size: number;
}

/** A kernel made ready for a device. */
export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** What can be told of an adapter, after `GPUAdapterInfo`. */
interface AdapterFacts {
  readonly description: string;
  readonly vendor: string;
  readonly isFallbackAdapter: boolean;
}

/** Whether an adapter computes through OpenGL: it works, but compiles slowly. */
export function isOpenGl(features: ReadonlySet<string>): boolean {
  // No field tells it from Vulkan; these two features no OpenGL driver has.
  return !features.has("shader-f16") &&
    !features.has("rg11b10ufloat-renderable");
}

/**
 * Names an adapter for the user.
 *
 * @param features Those that the adapter offers.
 */
export function adapterText(
  { description, vendor, isFallbackAdapter }: AdapterFacts,
  features: ReadonlySet<string>,
): string {
  const name = description || vendor || "unnamed GPU";
  return `${name}, WebGPU${
    isOpenGl(features)
      ? " through OpenGL, slower: no Vulkan driver was found"
      : ""
  }${
    isFallbackAdapter
      ? " (a software adapter: the CPU's own engine is far faster)"
      : ""
  }`;
}

/** The GPU of this thread, from when it is first opened. */
let shared: Gpu | undefined;

/** An open GPU. Kernels compiled for it are kept, for all networks of a thread. */
export class Gpu {
  /** The device. */
  readonly device: GPUDevice;
  /** The adapter's name, and what is special about it. */
  readonly text: string;
  readonly #pipelines = new Map<Kernel, Pipeline>();
  #failure: string | undefined;

  private constructor(device: GPUDevice, text: string) {
    this.device = device;
    this.text = text;
    device.lost.then(({ reason, message }) => {
      this.#failure ??= `the GPU was lost (${message || reason})`;
    });
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      const { error } = event as GPUUncapturedErrorEvent;
      this.#failure ??= `the GPU refused a command (${error.message})`;
    });
  }

  /**
   * The GPU, opened with all the memory that it can give. It stays open; one that
   * failed is opened anew.
   *
   * @throws {RangeError} When there is no adapter.
   */
  static async open(): Promise<Gpu> {
    if (shared?.failure === undefined) shared ??= await Gpu.#open();
    else shared = await Gpu.#open();
    return shared;
  }

  static async #open(): Promise<Gpu> {
    const adapter = await navigator.gpu?.requestAdapter({
      powerPreference: "high-performance",
    });
    if (!adapter) {
      throw new RangeError(
        "Cannot train with the engine webgpu: there is no graphics adapter here. Install a Vulkan driver (on Debian mesa-vulkan-drivers, for NVIDIA its own), or use the engine auto.",
      );
    }
    const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
    const device = await adapter.requestDevice({
      requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
    });
    return new Gpu(device, adapterText(adapter.info, adapter.features));
  }

  /** The most bytes of one array. */
  get mostBytes(): number {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    return Math.min(maxBufferSize, maxStorageBufferBindingSize);
  }

  /** What went wrong since the GPU was opened, if anything did. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** A kernel made ready. */
  pipelineOf(kernel: Kernel): Pipeline {
    let made = this.#pipelines.get(kernel);
    if (!made) this.#pipelines.set(kernel, made = this.#compile(kernel));
    return made;
  }

  #compile(kernel: Kernel): Pipeline {
    const { device } = this, label = kernel.name;
    const types: GPUBufferBindingType[] = [
      "uniform",
      "uniform",
      ...Object.values(kernel.arrays).map((access) =>
        access.startsWith("write ") ? "storage" : "read-only-storage"
      ),
    ];
    const layout = device.createBindGroupLayout({
      label,
      entries: types.map((type, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type },
      })),
    });
    const module = device.createShaderModule({ label, code: wgslOf(kernel) });
    const pipeline = device.createComputePipeline({
      label,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: "main" },
    });
    return { pipeline, layout };
  }
}

/**
 * The name of the GPU that networks would train on.
 *
 * @throws {RangeError} When there is none.
 */
export async function webGpuDevice(): Promise<string> {
  return (await Gpu.open()).text;
}
