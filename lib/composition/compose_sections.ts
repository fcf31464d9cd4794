/** Makes a piece of several sections, or one with events. */

import {
  arrange,
  leadersOf,
  type TimedEvent,
} from "../arrangement/arrangement.ts";
import {
  finishPiece,
  type GeneratedPiece,
  type Generator,
} from "../generation/generation.ts";
import {
  findKey,
  type Key,
  keyOfAttributes,
  type NoteSequence,
  sliceSequence,
  ticksToSeconds,
} from "../music/music.ts";
import type { Delivered } from "./delivered_row.ts";
import { deliveredSections } from "./delivered_sections.ts";
import type { SectionPlan } from "./plan_sections.ts";
import type { CompositionOptions, Preparation } from "./prepare.ts";
import { samplePlanned } from "./sample_sections.ts";
import { MOST_OFF } from "./section_times.ts";
import { enterOnTime } from "./entries.ts";
import { motionOf } from "./motion_asked.ts";
import { drumsOf } from "./style_drums.ts";
import { timeEvents } from "./timed_events.ts";

/** A section of a finished piece. */
export interface ComposedSection {
  /** As the prompt names it, or else its number, such as "Section 2". */
  readonly name: string;
  /** When it begins. */
  readonly startTicks: number;
  /** When it begins. */
  readonly startSeconds: number;
  /** Its length. */
  readonly bars: number;
  /** Its key. */
  readonly key: Key;
}

/** A piece of sections, and what there is to tell of it. */
export interface SectionedPiece {
  readonly sequence: NoteSequence;
  readonly piece: GeneratedPiece;
  readonly sections: readonly ComposedSection[];
  readonly delivered: readonly Delivered[];
  readonly notes: readonly string[];
}

/**
 * Samples, joins and arranges planned sections, and compares them with what was
 * asked.
 *
 * @param plans At least one.
 */
export async function composeSections(
  generator: Generator,
  { asked, randomSeed, spec, swing }:
    & Pick<
      Preparation,
      "asked" | "randomSeed" | "spec"
    >
    & { readonly swing: number | undefined },
  plans: readonly SectionPlan[],
  { onProgress }: Pick<CompositionOptions, "onProgress">,
): Promise<SectionedPiece> {
  const { loop = false } = spec;
  const made = await samplePlanned(generator, plans, {
    randomSeed,
    loop,
    onProgress,
  });
  const { length } = asked;
  // Bars that miss a length by much have been made more than enough.
  const isCut = length && "seconds" in length && !loop &&
    (length.exact ||
      ticksToSeconds(made.sequence, made.sequence.totalTicks) >
        (1 + MOST_OFF) * length.seconds);
  const cut = isCut
    ? finishPiece(made.sequence, { exactSeconds: length.seconds })
    : made.sequence;
  const notes: string[] = [];
  const keys = plans.map(({ spec }, i) =>
    spec.targets?.key ?? keyOfAttributes(spec.attributes ?? {}) ??
      findKey(
        sliceSequence(
          cut,
          made.starts[i]!,
          made.starts[i + 1] ?? cut.totalTicks,
        ),
      )
  );
  const events: TimedEvent[] = timeEvents(
    asked.events ?? [],
    cut,
    made.starts,
    keys[0]!,
    notes,
  );
  const names = plans.map(({ wish: { name } }, i) =>
    name ?? `Section ${i + 1}`
  );
  const sequence = arrange(enterOnTime(cut, made.starts), {
    key: keys[0]!,
    sections: plans.map(({ aims, wish }, i) => ({
      startTicks: made.starts[i]!,
      key: keys[i]!,
      loudness: aims.loudness,
      velocity: wish.curve?.velocity,
      swell: wish.curve?.swell,
      contour: wish.curve?.contour,
      motion: motionOf(aims),
      name: plans.length > 1 ? names[i] : undefined,
    })),
    partNames: new Map(
      plans.flatMap(({ spec }) => [...spec.partNames ?? []]),
    ),
    drums: drumsOf(asked),
    held: asked.held,
    players: asked.players,
    leaders: plans.flatMap(({ asked: { partWishes } }, i) =>
      leadersOf(partWishes, [made.starts[i]!, made.starts[i + 1] ?? Infinity])
    ),
    events,
    swing,
    // Chords that are asked for hold to the end.
    closes: !loop &&
      (!plans.at(-1)?.spec.chords || asked.close !== undefined),
    ...asked.close && { close: asked.close },
    ...asked.cutsOff && { cutsOff: true },
    loops: loop,
    closesOnThird: plans.length > 1 &&
      plans.at(-1)?.wish.spec.key?.mode !== undefined,
    randomSeed,
  });
  const scale = sequence.ticksPerQuarter / cut.ticksPerQuarter;
  const starts = made.starts.map((ticks) => Math.round(ticks * scale));
  const { tokens, natsPerToken, tokensPerSecond } = made;
  return {
    sequence,
    piece: {
      sequence: made.sequence,
      tokens,
      seedLength: 0,
      natsPerToken,
      tokensPerSecond,
    },
    sections: plans.length === 1 ? [] : plans.map(({ bars }, i) => ({
      name: names[i]!,
      startTicks: starts[i]!,
      startSeconds: ticksToSeconds(sequence, starts[i]!),
      bars,
      key: keys[i]!,
    })),
    delivered: deliveredSections({ asked, sequence, plans, starts, events }),
    notes,
  };
}
