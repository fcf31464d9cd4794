/**
 * What a compute kernel is: WGSL with its arrays and parameters stated apart, so
 * that what a dispatch must be given is known to the type checker.
 */

/** Element type of an array, and whether the kernel writes it. */
export type ArrayAccess =
  | "f32"
  | "i32"
  | "u32"
  | "vec4f"
  | `write ${
    | "f32"
    | "vec4f"}`;

/** A compute kernel. */
export interface Kernel<A extends string = string, P extends string = string> {
  /** Names it in errors. */
  readonly name: string;
  /** The arrays it reads and writes, in the order of their bindings. */
  readonly arrays: Readonly<Record<A, ArrayAccess>>;
  /** What differs between its dispatches: `params` in the code. */
  readonly params: Readonly<Record<P, "u32" | "f32">>;
  /** Threads of a workgroup, by their two dimensions. */
  readonly threads: readonly [number, number];
  /** Declarations before `main`: workgroup memory, functions. */
  readonly declarations?: string;
  /**
   * The body of `main`. It knows `group` and `groups`, the workgroup's number and
   * how many there are, `local` and `thread`, the thread's number in it, by
   * dimension and in all, `params` and `control`.
   */
  readonly body: string;
}

/** Names of what is the same for all kernels of a step, and their types. */
export const CONTROL = {
  /** 1 while training: dropout is on. */
  training: "u32",
  dropoutKey: "u32",
  /** Time steps of the batch whose last state is carried on; 0 for none. */
  carriedSteps: "u32",
  lossScale: "f32",
  smoothing: "f32",
  /** 0 SGD, 1 RMSprop, 2 Adam. */
  optimizer: "u32",
  rate: "f32",
  beta1: "f32",
  beta2: "f32",
  epsilon: "f32",
  decay: "f32",
  averageDecay: "f32",
  clipNorm: "f32",
} as const;

/** A value for each of a kernel's or a step's parameters. */
export type Values<P extends string> = Readonly<Record<P, number>>;

/** Bytes of a block of parameters in a uniform buffer. */
export const BLOCK_BYTES = 256;

/** Writes parameters as WGSL lays them out. */
export function writeValues<P extends string>(
  to: DataView,
  types: Readonly<Record<P, "u32" | "f32">>,
  values: Values<P>,
): void {
  let at = 0;
  for (const name of Object.keys(types) as P[]) {
    if (types[name] === "u32") to.setUint32(at, values[name], true);
    else to.setFloat32(at, values[name], true);
    at += 4;
  }
}

/** A struct of 32-bit values. */
function struct(name: string, types: Readonly<Record<string, string>>): string {
  const fields = Object.entries(types).map(([key, type]) => `${key}: ${type}`);
  return `struct ${name} { ${fields.join(", ") || "unused: u32"} }`;
}

/** Functions that all kernels may use. */
const COMMON = `
fn sigmoid(x: f32) -> f32 { return 1.0 / (1.0 + exp(clamp(-x, -87.0, 87.0))); }
// The built-in function overflows on some drivers.
fn tangent(x: f32) -> f32 {
  let e = exp(-2.0 * min(abs(x), 43.0));
  return sign(x) * (1.0 - e) / (1.0 + e);
}
// As lib/lstm/assembly/rows.ts has it, so that masks are the same.
fn hash(counter: u32, key: u32) -> u32 {
  var x = counter * 0x9e3779b9u + key;
  x ^= x >> 16u;
  x *= 0x21f0aaadu;
  x ^= x >> 15u;
  x *= 0x735a2d97u;
  return x ^ (x >> 15u);
}
fn keep(place: u32, threshold: u32, scale: f32, salt: u32) -> f32 {
  if (control.training == 0u) { return 1.0; }
  let kept = hash(place, control.dropoutKey ^ salt) >= threshold;
  return select(0.0, scale, kept);
}
fn isFinite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}`;

/** The WGSL of a kernel. */
export function wgslOf(kernel: Kernel): string {
  const arrays = Object.entries(kernel.arrays).map(([name, access], i) => {
    const writes = access.startsWith("write ");
    const mode = writes ? "read_write" : "read";
    const element = access.replace("write ", "");
    return `@group(0) @binding(${
      i + 2
    }) var<storage, ${mode}> ${name}: array<${element}>;`;
  });
  return `${struct("Control", CONTROL)}
${struct("Params", kernel.params)}
@group(0) @binding(0) var<uniform> control: Control;
@group(0) @binding(1) var<uniform> params: Params;
${arrays.join("\n")}
${COMMON}
${kernel.declarations ?? ""}
@compute @workgroup_size(${kernel.threads.join(", ")})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
${kernel.body}
}`;
}
