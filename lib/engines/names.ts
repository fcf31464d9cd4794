/** Names of the engines, and what is told of one that was chosen. */

/** Engines that can be asked for. */
export const ENGINES = [
  "auto",
  "native",
  "wasm",
  "webgpu",
  "tensorflow",
] as const;

/** One of {@linkcode ENGINES}. */
export type EngineChoice = typeof ENGINES[number];

/** An engine; `native` and `wasm` are the project's own kernels. */
export type EngineName = Exclude<EngineChoice, "auto">;

/** The engine that was chosen, its device, and why. */
export interface Engine {
  /** `native`: products and gates in machine code; `wasm`: all in WebAssembly. */
  readonly name: EngineName;
  /** What it computes on. */
  readonly device: string;
  /** Why this one. */
  readonly reason: string;
}
