/** Measurements beside peers in the same run. */

export { type ApartFolders, benchApart } from "./apart.ts";
export { benchEngine } from "./engine.ts";
export {
  benchGeneration,
  type GenerationBenchOptions,
} from "./generation/generation.ts";
export { benchGpu, type GpuOptions } from "./gpu/gpu.ts";
export { benchJsb } from "./jsb/jsb.ts";
export type { Recipe } from "./jsb/network.ts";
export { benchMusic, type MusicOptions } from "./music/music.ts";
export { benchPrompts, type PromptsOptions } from "./prompts/prompts.ts";
export { benchMidi, type MidiBenchOptions } from "./midi/midi.ts";
export { benchMutants, type MutantOptions } from "./mutants/mutants.ts";
export { benchHostile } from "./mutants/hostile.ts";
export { benchPython } from "./python.ts";
export { benchTensorFlow } from "./tensorflow.ts";
export { benchScale, type ScaleOptions } from "./scale/scale.ts";
