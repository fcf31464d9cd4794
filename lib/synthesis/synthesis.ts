/** A `NoteSequence` → sound. */

export {
  renderLoop,
  renderWav,
  SAMPLE_RATE,
  type SynthesisOptions,
  type WavOptions,
} from "./render.ts";
