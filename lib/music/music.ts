/** Music as notes in ticks, and all that is known of music: theory, time, attributes, statistics. */

export {
  chordsOf,
  describeCorpus,
  describePiece,
  type PieceDescription,
} from "./analysis.ts";
export {
  type Instrument,
  type InstrumentName,
  type InstrumentRole,
  INSTRUMENTS,
  silencedPrograms,
} from "./instruments.ts";
export type {
  FormSection,
  PartialKey,
  PieceConstraints,
  PieceLength,
  PieceSpec,
  PieceTargets,
  Range,
} from "./piece_spec.ts";
export {
  ATTRIBUTE_NAMES,
  type AttributeName,
  ATTRIBUTES,
  type Attributes,
  attributesOf,
  attributeTokens,
  type Band,
  bandOf,
  DENSITY_BANDS,
  familyOf,
  INSTRUMENT_FAMILIES,
  type InstrumentFamily,
  LENGTH_BANDS,
  LOUDNESS_BANDS,
  REGISTER_BANDS,
  TEMPO_BANDS,
} from "./attributes.ts";
export {
  applySustain,
  barStarts,
  type ControlChange,
  emptySequence,
  hasPitch,
  type KeySignature,
  type Note,
  type NoteSequence,
  type Part,
  pitchedNotes,
  secondsToTicks,
  sliceSequence,
  sortNotes,
  type TempoChange,
  ticksPerBar,
  ticksToSeconds,
  type TimeSignature,
  transposeSequence,
} from "./note_sequence.ts";
export { quantizationError, quantize, STEPS_PER_QUARTER } from "./quantize.ts";
export {
  CHORDS,
  findKey,
  type Key,
  keyCorrelation,
  keyFifths,
  keyFits,
  keyName,
  nameChord,
  PITCH_CLASS_NAMES,
  pitchName,
  type ScaleName,
  scalePitchClasses,
} from "./theory.ts";
export {
  BAND_MEASURES,
  type BandMeasures,
  bandMeasures,
  type Bands,
  corpusBands,
  outsideBands,
  polyphonyOf,
} from "./usual_ranges.ts";
