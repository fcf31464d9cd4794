/** A `NoteSequence` to sound. */

export {
  renderLoop,
  renderWav,
  SAMPLE_RATE,
  type SynthesisOptions,
} from "./render.ts";
