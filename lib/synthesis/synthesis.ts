/** A `NoteSequence` to sound. */

export { renderLoop, renderWav, type SynthesisOptions } from "./render.ts";
