// A plain file to all that a corpus has of a piece but its words: for files that nothing
// has to be told of but silence, grouped beats and rounded bars; others are for
// reading.ts. What is done in turn, and why, is told where TypeScript does it:
// lib/midi/assemble.ts, group_beats.ts, silence.ts, sustain.ts and quantize.ts.

import {
  controlCount,
  controls,
  eventAt,
  eventCount,
  METER,
  noteCount,
  notes as readNotes,
  read,
  READ_NOTE_BYTES,
  TEMPO,
  trackAt,
  trackCount,
} from "../../midi/assembly/reader";
import { long, take, word } from "../../music/assembly/memory";
import {
  PACKED_BYTES,
  packInOrder,
  sortNumbers,
} from "../../music/assembly/order";
import {
  addedDurations,
  binPacked,
  usePacked,
} from "../../tokens/remi/assembly/writer";
import {
  barAt,
  findLines,
  inexact,
  lastStep,
  layOut,
  METER_BYTES,
  rounded,
  spanCount,
  spans,
} from "./bars";
import { BEATS, downbeat, hear, soundingTicks, sums, twinNumbers } from "./heard";
import {
  channelOf,
  CHANNELS,
  countDropped,
  drop,
  dropCount,
  dropped,
  findParts,
  FIRST_KIT,
  firstPart,
  instruments,
  lineCount,
  partCount,
  partOfVoice,
  WITHOUT_NOTES,
} from "./parts";
import {
  barsCut,
  findPassages,
  lastOfEach,
  moveChanges,
  movePedals,
  passageCount,
  placeOf,
  reasons,
} from "./silence";

export { begin } from "../../midi/assembly/reader";
export {
  addAll,
  addBars,
  beginTokens,
  getAlphabet,
  getAlphabetCount,
  getIdCount,
  getIds,
  room,
} from "../../tokens/remi/assembly/writer";

/** Larger times are for others, which know what they come to. */
const MOST_TICKS: i32 = 1 << 27;
/** Later ones have no number that notes are sorted by. */
const MOST_STEPS: f64 = 134217728;
const KEYS: i32 = 128;
const SUSTAIN_PEDAL: i32 = 64, PEDAL_DOWN: i32 = 64;
const TEMPO_BYTES: usize = 8;
const SLOWEST: f64 = 10, FASTEST: f64 = 400;

let notes: usize = 0, count: i32 = 0;
let ticksPerQuarter: i32 = 0, totalTicks: i32 = 0;
let tempos: usize = 0, tempoCount: i32 = 0;
let meters: usize = 0, meterCount: i32 = 0;
let pedals: usize = 0, pedalCount: i32 = 0;

/**
 * What was found, as plain_piece.ts reads it. Lists are a length and, in the field that
 * is named last, where they are.
 *
 * | fields | content |
 * |---|---|
 * | 0–2 | ticks of a quarter, of the piece; notes |
 * | 3–4, 5–6 | tempi, meters |
 * | 7 | beats that were grouped, −1 for none |
 * | 8–11, 12–15 | bars cut by reason; the reasons in order, plus one |
 * | 17–31, 32–33 | sums of the notes; ticks in which they sound |
 * | 34, 59 | bars that were rounded; tempi that were set to others |
 * | 35–49 | sums of the notes on the grid |
 * | 50–52 | duration tokens beyond the first; notes on the grid; the last step |
 * | 53–54, 60–61 | bars and tempi on the grid |
 * | 55, 58 | instruments |
 * | 56–57 | what is left out |
 * | 62 | where the numbers are by which the piece is known |
 */
const result = memory.data(8 * 64);
export function getResult(): usize {
  return result;
}

@inline
function tell(field: i32, value: f64): void {
  store<f64>(long(result, field), value);
}

/**
 * Reads the file that is there.
 *
 * @param durations Lengths that one token can have, rising.
 * @param velocityWidth Velocities in a bin.
 * @returns Whether it is done; otherwise it is for others.
 */
export function find(
  maxGapBars: i32,
  stepsPerQuarter: i32,
  velocityWidth: i32,
  durations: usize,
  durationCount: i32,
): bool {
  ticksPerQuarter = read();
  if (ticksPerQuarter == 0 || noteCount == 0) return false;
  totalTicks = 0;
  for (let t = 0; t < trackCount; t++) {
    totalTicks = max(totalTicks, load<i32>(trackAt(t), 12));
  }
  if (totalTicks >= MOST_TICKS || maxGapBars > 4096) return false;
  if (!findParts() || !countDropped()) return false;
  findChanges();
  count = noteCount;
  notes = take(PACKED_BYTES * <usize> count);
  packInOrder(readNotes, READ_NOTE_BYTES, count, partOfVoice, notes);
  findPedals();
  groupBeats();
  if (!cutSilence(maxGapBars)) return false;
  tell(0, ticksPerQuarter);
  tell(1, totalTicks);
  tell(2, count);
  tell(3, tempoCount);
  tell(4, <f64> tempos);
  tell(5, meterCount);
  tell(6, <f64> meters);
  hear(notes, count, instruments, ticksPerQuarter);
  sums(long(result, 17));
  soundingTicks(long(result, 32));
  tell(62, <f64> twinNumbers());
  return quantize(
    stepsPerQuarter,
    velocityWidth,
    durations,
    durationCount,
  );
}

/** Tempi and meters of all tracks, of those at one tick the last. */
function findChanges(): void {
  tempos = take((<usize> eventCount + 1) * TEMPO_BYTES);
  meters = take((<usize> eventCount + 1) * METER_BYTES);
  tempoCount = meterCount = 0;
  for (let e = 0; e < eventCount; e++) {
    const event = eventAt(e), kind = load<i32>(event);
    if (kind == TEMPO) insert(tempos, tempoCount++, TEMPO_BYTES, event);
    if (kind == METER) insert(meters, meterCount++, METER_BYTES, event);
  }
  tempoCount = lastOfEach(tempos, tempoCount, TEMPO_BYTES, i32.MAX_VALUE);
  meterCount = lastOfEach(meters, meterCount, METER_BYTES, i32.MAX_VALUE);
}

/** Puts what an event has after its kind into a list, after all that are as early. */
function insert(list: usize, length: i32, bytes: usize, event: usize): void {
  const ticks = load<i32>(event, 4), end = list + <usize> length * bytes;
  let at = end;
  while (at > list && load<i32>(at - bytes) > ticks) at -= bytes;
  if (at < end) memory.copy(at + bytes, at, end - at);
  memory.copy(at, event + 4, bytes);
}

/** Changes of pedals of channels that have a part, by tick and part. */
function findPedals(): void {
  const keys = take(<usize> controlCount << 3);
  pedalCount = 0;
  let without = 0;
  for (let i = 0; i < controlCount; i++) {
    const control = long(controls, i), change = load<i32>(control, 4);
    const part = load<i32>(word(firstPart, change >> 16));
    if (part < 0) {
      without++;
      continue;
    }
    if ((change >> 8 & 0xff) != SUSTAIN_PEDAL) continue;
    const key = <u64> load<i32>(control) << 36 | <u64> part << 20 | <u64> i;
    store<u64>(long(keys, pedalCount++), key);
  }
  drop(WITHOUT_NOTES, without);
  tell(56, dropCount);
  tell(57, <f64> dropped);
  const sorted = sortNumbers(keys, pedalCount);
  pedals = take(<usize> pedalCount * PACKED_BYTES);
  for (let i = 0; i < pedalCount; i++) {
    const key = load<u64>(long(sorted, i));
    const pedal = pedals + <usize> i * PACKED_BYTES;
    store<i32>(pedal, <i32> (key >> 36));
    store<i32>(pedal, <i32> (key >> 20) & 0xffff, 4);
    store<i32>(
      pedal,
      load<i32>(long(controls, <i32> (key & 0xfffff)), 4) & 0xff,
      8,
    );
  }
}

function groupBeats(): void {
  let isOneBeat = meterCount > 0;
  for (let i = 0; i < meterCount; i++) {
    const meter = meters + <usize> i * METER_BYTES;
    isOneBeat = isOneBeat && load<i32>(meter, 4) == 1 &&
      load<i32>(meter, 8) == 4;
  }
  tell(7, isOneBeat ? ceil(<f64> totalTicks / <f64> ticksPerQuarter) : -1);
  if (!isOneBeat) return;
  hear(notes, count, instruments, ticksPerQuarter);
  const ticks = (BEATS - downbeat()) % BEATS * ticksPerQuarter;
  meterCount = 1;
  store<i32>(meters, 0);
  store<i32>(meters, 4, 4);
  store<i32>(meters, 4, 8);
  if (ticks == 0) return;
  totalTicks += ticks;
  for (let i = 0; i < count; i++) {
    const note = notes + <usize> i * PACKED_BYTES;
    store<i32>(note, load<i32>(note) + ticks);
    store<i32>(note, load<i32>(note, 4) + ticks, 4);
  }
  moveLater(tempos, tempoCount, TEMPO_BYTES, ticks);
  moveLater(pedals, pedalCount, PACKED_BYTES, ticks);
}

/** What holds from the beginning still does. */
function moveLater(list: usize, length: i32, bytes: usize, ticks: i32): void {
  for (let i = 0; i < length; i++, list += bytes) {
    const at = load<i32>(list);
    if (at > 0) store<i32>(list, at + ticks);
  }
}

// When each note ends with the pedal.
let ends: usize = 0;

function sustain(): void {
  ends = take(<usize> count << 2);
  let note = notes + <usize> count * PACKED_BYTES;
  if (pedalCount == 0) {
    note = notes;
    for (let i = 0; i < count; i++, note += PACKED_BYTES) {
      store<i32>(word(ends, i), load<i32>(note, 4));
    }
    return;
  }
  // Of each channel: where its turns begin, how many there are, and the one found last.
  const lines = take(CHANNELS * 12);
  const turns = take(<usize> pedalCount << 2);
  let turn = 0;
  for (let line = 0; line < lineCount; line++) {
    const own = lines + <usize> line * 12, first = turn;
    for (let i = 0; i < pedalCount; i++) {
      const pedal = pedals + <usize> i * PACKED_BYTES;
      if (load<i32>(word(channelOf, load<i32>(pedal, 4))) != line) continue;
      const isDown = (turn - first & 1) == 1;
      if (isDown == load<i32>(pedal, 8) >= PEDAL_DOWN) continue;
      store<i32>(word(turns, turn++), load<i32>(pedal));
    }
    store<usize>(own, word(turns, first));
    store<i32>(own, turn - first, 4);
    store<i32>(own, turn - first, 8);
  }
  const nextStarts = take(CHANNELS * KEYS << 2);
  for (let i = 0; i < CHANNELS * KEYS; i++) {
    store<i32>(word(nextStarts, i), i32.MAX_VALUE);
  }
  for (let i = count - 1; i >= 0; i--) {
    note -= PACKED_BYTES;
    const sound = load<i32>(note, 8), part = sound >> 14;
    const line = load<i32>(word(channelOf, part)), end = load<i32>(note, 4);
    const own = lines + <usize> line * 12, length = load<i32>(own, 4);
    const next = word(nextStarts, line << 7 | sound >> 7 & 0x7f);
    let sustained = end;
    if (length > 0 && load<i32>(word(instruments, part)) < FIRST_KIT) {
      const turn = load<usize>(own);
      let before = load<i32>(own, 8);
      while (before > 0 && load<i32>(word(turn, before - 1)) >= end) before--;
      while (before < length && load<i32>(word(turn, before)) < end) before++;
      store<i32>(own, before, 8);
      // The pedal is down while an odd number of turns lie before the release.
      if (before & 1) {
        const lift = before < length
          ? load<i32>(word(turn, before))
          : totalTicks;
        sustained = max(end, min(lift, load<i32>(next)));
      }
    }
    store<i32>(word(ends, i), sustained);
    store<i32>(next, load<i32>(note));
  }
}

function cutSilence(maxGapBars: i32): bool {
  sustain();
  findLines(meters, meterCount, ticksPerQuarter);
  findPassages(
    notes,
    ends,
    count,
    ticksPerQuarter,
    totalTicks,
    maxGapBars,
    totalTicks > 0 ? barAt(<f64> totalTicks - 1) + 1 : 0,
  );
  for (let i = 0; i < 4; i++) {
    tell(8 + i, load<f64>(long(barsCut, i)));
    tell(12 + i, load<i32>(word(reasons, i)));
  }
  if (passageCount == 0) return true;
  totalTicks = placeOf(totalTicks);
  let note = notes;
  for (let i = 0; i < count; i++, note += PACKED_BYTES) {
    store<i32>(note, placeOf(load<i32>(note)));
    store<i32>(note, placeOf(load<i32>(note, 4)), 4);
  }
  tempoCount = moveChanges(tempos, tempoCount, TEMPO_BYTES, totalTicks);
  meterCount = moveChanges(meters, meterCount, METER_BYTES, totalTicks);
  if (pedalCount > 0) {
    const moved = take(<usize> pedalCount * PACKED_BYTES);
    pedalCount = movePedals(pedals, pedalCount, channelOf, moved, PEDAL_DOWN);
    pedals = moved;
  }
  sustain();
  return true;
}

@inline
function stepOf(ticks: i32, stepsPerQuarter: i32): i32 {
  return <i32> floor(
    <f64> ticks * <f64> stepsPerQuarter / <f64> ticksPerQuarter + 0.5,
  );
}

/** A list on the grid, of those at one step the last; gives how many are left. */
function onGrid(
  list: usize,
  length: i32,
  bytes: usize,
  stepsPerQuarter: i32,
): i32 {
  for (let i = 0; i < length; i++) {
    const at = list + <usize> i * bytes;
    store<i32>(at, stepOf(load<i32>(at), stepsPerQuarter));
  }
  return lastOfEach(list, length, bytes, i32.MAX_VALUE);
}

function copied(list: usize, bytes: usize): usize {
  const copy = take(bytes);
  memory.copy(copy, list, bytes);
  return copy;
}

/** The piece as tokens keep it, see quantize.ts in lib/tokens/remi/. */
function quantize(
  stepsPerQuarter: i32,
  velocityWidth: i32,
  durations: usize,
  durationCount: i32,
): bool {
  if (
    <f64> totalTicks * <f64> stepsPerQuarter / <f64> ticksPerQuarter >=
      MOST_STEPS
  ) return false;
  // Parts by instrument, only those with notes.
  const newOf = take(256 << 2), played = take(256 << 2);
  memory.fill(newOf, 0, 256 << 2);
  let note = notes;
  for (let i = 0; i < count; i++, note += PACKED_BYTES) {
    const part = load<i32>(note, 8) >> 14;
    store<i32>(word(newOf, load<i32>(word(instruments, part))), 1);
  }
  let playedCount = 0;
  for (let i = 0; i < 256; i++) {
    if (load<i32>(word(newOf, i)) == 0) continue;
    store<i32>(word(newOf, i), playedCount);
    store<i32>(word(played, playedCount++), i);
  }
  const newParts = take(<usize> partCount << 2);
  for (let part = 0; part < partCount; part++) {
    const instrument = load<i32>(word(instruments, part));
    store<i32>(word(newParts, part), load<i32>(word(newOf, instrument)));
  }
  const last = notes + <usize> (count - 1) * PACKED_BYTES;
  const ownLast = stepOf(load<i32>(last), stepsPerQuarter);
  const ownEnd = max(stepOf(load<i32>(last, 4), stepsPerQuarter), ownLast + 1);
  const moved = take(<usize> count * PACKED_BYTES);
  note = notes;
  let to = moved;
  for (let i = 0; i < count; i++, note += PACKED_BYTES, to += PACKED_BYTES) {
    const start = stepOf(load<i32>(note), stepsPerQuarter);
    const end = stepOf(load<i32>(word(ends, i)), stepsPerQuarter);
    store<i32>(to, start);
    store<i32>(to, max(end, start + 1), 4);
    store<i32>(to, load<i32>(note, 8), 8);
  }
  const grid = take(<usize> count * PACKED_BYTES);
  packInOrder(moved, PACKED_BYTES, count, newParts, grid);
  const gridCount = mergeUnisons(grid);
  let gridEnd = 0;
  note = grid;
  for (let i = 0; i < gridCount; i++, note += PACKED_BYTES) {
    gridEnd = max(gridEnd, load<i32>(note, 4));
  }
  const lastStart = load<i32>(note - PACKED_BYTES);

  const gridMeters = copied(meters, <usize> meterCount * METER_BYTES);
  const gridMeterCount = onGrid(
    gridMeters,
    meterCount,
    METER_BYTES,
    stepsPerQuarter,
  );
  const totalSteps = stepOf(totalTicks, stepsPerQuarter);
  // What is told of bars is found without the pedal, see `repairsForRemi`.
  if (
    !layOut(
      gridMeters,
      gridMeterCount,
      stepsPerQuarter,
      ownLast,
      max(totalSteps, ownEnd),
    )
  ) return false;
  tell(34, inexact);
  if (
    !layOut(
      gridMeters,
      gridMeterCount,
      stepsPerQuarter,
      lastStart,
      max(totalSteps, gridEnd),
    )
  ) return false;
  if (
    !binPacked(
      grid,
      gridCount,
      played,
      playedCount,
      lastStep,
      velocityWidth,
      durations,
      durationCount,
    )
  ) return false;
  hear(grid, gridCount, played, stepsPerQuarter);
  sums(long(result, 35));
  usePacked(grid, gridCount);
  tell(50, addedDurations(load<i32>(word(durations, durationCount - 1))));
  tell(51, gridCount);
  tell(52, lastStep);
  tell(53, spanCount);
  tell(54, <f64> spans);
  tell(55, playedCount);
  tell(58, <f64> played);
  binTempos(stepsPerQuarter);
  return true;
}

/** Makes one of the notes with the same part, pitch and start; gives how many are left. */
function mergeUnisons(grid: usize): i32 {
  let last = grid;
  const end = grid + <usize> count * PACKED_BYTES;
  for (let note = grid + PACKED_BYTES; note < end; note += PACKED_BYTES) {
    const sound = load<i32>(note, 8), before = load<i32>(last, 8);
    if (load<i32>(note) == load<i32>(last) && sound >> 7 == before >> 7) {
      store<i32>(last, max(load<i32>(last, 4), load<i32>(note, 4)), 4);
      store<i32>(last, max(before, sound), 8);
      continue;
    }
    last += PACKED_BYTES;
    if (last == note) continue;
    store<u64>(last, load<u64>(note));
    store<i32>(last, sound, 8);
  }
  return <i32> ((last - grid) / PACKED_BYTES) + 1;
}

/** Whole tempi on the grid, each different from the one before. */
function binTempos(stepsPerQuarter: i32): void {
  let beyond = 0;
  for (let i = 0; i < tempoCount; i++) {
    const qpm = 60000000 / <f64> load<i32>(tempos + <usize> i * TEMPO_BYTES, 4);
    if (qpm < SLOWEST - 0.5 || qpm >= FASTEST + 0.5) beyond++;
  }
  tell(59, beyond);
  const grid = copied(tempos, <usize> tempoCount * TEMPO_BYTES);
  const length = onGrid(grid, tempoCount, TEMPO_BYTES, stepsPerQuarter);
  const list = take(<usize> (length + 1) << 3);
  let kept = 0, before = -1;
  for (let i = -1; i < length; i++) {
    const tempo = grid + <usize> i * TEMPO_BYTES;
    if (i < 0 && length > 0 && load<i32>(grid) == 0) continue;
    const ticks = i < 0 ? 0 : load<i32>(tempo);
    if (ticks >= lastStep && ticks > 0) continue;
    const qpm = i < 0 ? 120 : 60000000 / <f64> load<i32>(tempo, 4);
    const whole = <i32> min(max(rounded(qpm), SLOWEST), FASTEST);
    if (whole != before) {
      store<i32>(long(list, kept), ticks);
      store<i32>(long(list, kept++), whole, 4);
    }
    before = whole;
  }
  tell(60, kept);
  tell(61, <f64> list);
}
