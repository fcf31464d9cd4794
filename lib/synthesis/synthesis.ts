/** A `NoteSequence` → sound. */

export { renderSound, renderStems, renderWav, type Stem } from "./render.ts";
export {
  SAMPLE_RATE,
  type SoundOptions,
  type SynthesisOptions,
  type WavOptions,
} from "./studio.ts";
export { nsynthSoundBank } from "./nsynth_bank.ts";
export { renderStream } from "./stream.ts";
export {
  type Audio,
  MemoryScratch,
  type Scratch,
  type Sound,
} from "./sound.ts";
export { int16, type SampleFormat, writeWav } from "./wav.ts";
