/** Music as notes in ticks, and all that is known of music: theory, time, attributes, statistics. */

export type {
  Anchor,
  Chord,
  ChordProgression,
  Curve,
  DrumWish,
  HeldNotes,
  PartWish,
  Period,
  PieceEvent,
  PlacedChord,
  Players,
  Swell,
} from "./brief.ts";
export {
  type Bin,
  chordsOf,
  type CorpusDescription,
  describeCorpus,
  type DescribedNotes,
  describePiece,
  describeSums,
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
  PartialKey,
  PieceConstraints,
  PieceLength,
  PieceSpec,
  PieceTargets,
  Range,
  SectionWish,
} from "./piece_spec.ts";
export {
  ATTRIBUTE_NAMES,
  type AttributedNotes,
  type AttributeName,
  ATTRIBUTES,
  type Attributes,
  attributesOf,
  attributesOfSums,
  attributeTokens,
  type AttributeValues,
  type Band,
  bandOf,
  DENSITY_BANDS,
  keyOfAttributes,
  LENGTH_BANDS,
  LOUDNESS_BANDS,
  REGISTER_BANDS,
  TEMPO_BANDS,
} from "./attributes.ts";
export { BarLines, barStarts, MAX_BARS, requireMaxBars } from "./bar_lines.ts";
export { channelsOf } from "./channels.ts";
export {
  chordPitchClasses,
  chordsHeard,
  type ChordSpan,
  keyOfChords,
  triadOf,
} from "./chord_progression.ts";
export { CHORDS, nameChord } from "./chords.ts";
export { clockTime } from "./clock.ts";
export {
  familyOf,
  familyOfProgram,
  INSTRUMENT_FAMILIES,
  type InstrumentFamily,
  isBass,
} from "./families.ts";
export { type BarsAs, barsAs, barsInTurns, inBarsAs } from "./bars_as.ts";
export { joinSequences } from "./join.ts";
export {
  findKey,
  type FoundKey,
  keyCorrelation,
  keyFits,
  keysHeard,
} from "./key_finding.ts";
export { KEY_FINDERS, type KeyFinder } from "./key_profiles.ts";
export {
  hasPitch,
  meanPitch,
  meanVelocity,
  noteDensity,
  type Polyphony,
  polyphonyOf,
  type PolyphonyOptions,
  sumsOf,
} from "./measures.ts";
export {
  beatQuarters,
  DEFAULT_METER,
  firstMeter,
  firstStatedMeter,
  type Meter,
  meterAt,
  meterName,
  parseMeter,
  quartersPerBar,
  ticksPerBar,
} from "./meter.ts";
export {
  type ControlChange,
  emptySequence,
  type KeySignature,
  type Marker,
  type Mode,
  type Note,
  type NotelessPiece,
  type NoteSequence,
  type Part,
  pitchedNotes,
  type TempoChange,
  type TimeSignature,
} from "./note_sequence.ts";
export { ControlColumns } from "./control_columns.ts";
export {
  columnsOf,
  controlsOf,
  type GivenFields,
  lastEnd,
  lastRelease,
  NoteColumns,
  noteCount,
  type SequenceFields,
  sequenceOf,
} from "./note_columns.ts";
export { type NoteSums, twinBytes } from "./note_kernels.ts";
export { sortColumns, sortNotes } from "./sort_notes.ts";
export { nearestProgram, programName } from "./nearest_program.ts";
export { nearestDrum } from "./percussion.ts";
export {
  type MutableNote,
  quantize,
  quantizeColumns,
  quantizeFields,
  quantizeNotes,
  quantizeTicks,
  STEPS_PER_QUARTER,
} from "./quantize.ts";
export type { Repair } from "./repair.ts";
export { BEATS_GROUPED, groupBeats } from "./group_beats.ts";
export {
  cutSilence,
  type CutSilenceOptions,
  SILENCES,
  toldCuts,
} from "./silence.ts";
export { rescaleSequence } from "./rescale.ts";
export { sliceSequence } from "./slice.ts";
export { largest, mean, quantile, smallest } from "./statistics.ts";
export { withPedal } from "./pedal.ts";
export {
  playableBy,
  type Playing,
  playingOf,
  singleVoices,
} from "./playing.ts";
export { applySustain, SUSTAIN_PEDAL, sustainedEnds } from "./sustain.ts";
export {
  DEFAULT_QPM,
  firstQpm,
  firstStatedQpm,
  secondsToTicks,
  ticksToSeconds,
} from "./tempo.ts";
export {
  type Key,
  keyFifths,
  keyName,
  majorOrMinor,
  PITCH_CLASS_NAMES,
  pitchName,
  type ScaleName,
  scalePitchClasses,
} from "./theory.ts";
export { transposeSequence } from "./transpose.ts";
export {
  measuresOutside,
  outsideRanges,
  RANGE_MEASURES,
  type RangeMeasures,
  rangeMeasures,
  type UsualRanges,
  usualRangesOf,
} from "./usual_ranges.ts";
