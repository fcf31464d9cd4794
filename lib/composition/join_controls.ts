/** The controllers of a piece in which new bars follow a user's passage. */

import {
  channelsOf,
  type ControlChange,
  type NoteSequence,
  type Part,
  SUSTAIN_PEDAL,
} from "../music/music.ts";

const MODULATION = 1, VOLUME = 7, PAN = 10, EXPRESSION = 11;
const PORTAMENTO = 65, SOSTENUTO = 66, SOFT = 67;
const LOUDEST = 127;

/** What would smear the new bars if it were left on: the value that is off. */
const OFF: ReadonlyMap<number, number> = new Map(
  [MODULATION, SUSTAIN_PEDAL, PORTAMENTO, SOSTENUTO, SOFT].map((
    one,
  ) => [one, 0]),
);
/** The mix: what a channel has until it says otherwise, as in General MIDI. */
const MIX: ReadonlyMap<number, number> = new Map([
  [VOLUME, 100],
  [PAN, 64],
  [EXPRESSION, LOUDEST],
]);
/** A volume or expression below this is part of a fade, not of the mix. */
const FAINT = 32;

/** How a controller of one channel went through the passage. */
interface Course {
  value: number;
  since: number;
  /** By value: for how many ticks it held. */
  readonly held: Map<number, number>;
}

/**
 * The passage's controllers, then at the join what keeps them from silencing or
 * smearing the new bars, and then those of the new bars: pedals are up, and
 * volume, pan and expression are again what they were for most of the passage.
 *
 * @param before The passage, its controllers before the join.
 * @param after Controllers of the new bars, with the parts of the whole.
 * @param parts Of the whole, those of the passage first.
 */
export function joinControls({ before, after, parts, join }: {
  readonly before: NoteSequence;
  readonly after: readonly ControlChange[];
  readonly parts: readonly Part[];
  readonly join: number;
}): ControlChange[] {
  const channels = channelsOf(parts);
  const courses = coursesOf(before, channels, join);
  const reset: ControlChange[] = [];
  const firstPart = new Map<number, number>();
  for (const part of before.parts.keys()) {
    const channel = channels[part]!;
    if (firstPart.has(channel)) continue;
    firstPart.set(channel, part);
    for (const [controller, course] of courses.get(channel) ?? []) {
      const value = OFF.get(controller) ?? usualValue(controller, course);
      if (value === undefined || value === course.value) continue;
      reset.push({ ticks: join, part, controller, value });
    }
  }
  /** By channel of the passage: the part of the new bars whose controllers it has. */
  const leader = new Map<number, number>();
  const own = (change: ControlChange): ControlChange[] => {
    const { part, controller } = change;
    const channel = channels[part]!;
    if (!firstPart.has(channel)) return [change];
    const first = leader.get(channel) ?? part;
    leader.set(channel, first);
    // The passage's mix goes on.
    return first === part && controller === SUSTAIN_PEDAL ? [change] : [];
  };
  return [...before.controls, ...reset, ...after.flatMap(own)]
    .sort((a, b) => a.ticks - b.ticks || a.part - b.part);
}

/** The course of each controller of each channel. */
function coursesOf(
  { controls }: NoteSequence,
  channels: readonly number[],
  join: number,
): Map<number, Map<number, Course>> {
  const courses = new Map<number, Map<number, Course>>();
  const hold = (course: Course, until: number) =>
    course.held.set(
      course.value,
      (course.held.get(course.value) ?? 0) + until - course.since,
    );
  for (const { ticks, part, controller, value } of controls) {
    const own = courses.get(channels[part]!) ?? new Map<number, Course>();
    courses.set(channels[part]!, own);
    const course = own.get(controller);
    if (course) {
      hold(course, ticks);
      course.value = value;
      course.since = ticks;
    } else own.set(controller, { value, since: ticks, held: new Map() });
  }
  for (const own of courses.values()) {
    for (const course of own.values()) hold(course, join);
  }
  return courses;
}

/** What a controller of the mix was for longest; undefined of another one. */
function usualValue(
  controller: number,
  { held }: Course,
): number | undefined {
  const usual = MIX.get(controller);
  if (usual === undefined) return undefined;
  let value = usual, most = -1;
  for (const [one, ticks] of held) {
    if (ticks <= most || controller !== PAN && one < FAINT) continue;
    [value, most] = [one, ticks];
  }
  return value;
}
