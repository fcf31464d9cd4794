/**
 * Samples REMI music section by section. A section is a few whole bars in which
 * everything that begins also ends, so that sections can be repeated, varied and
 * put in any order; the network reads on from one to the next.
 */

import type { Draft } from "./draft.ts";
import { replayBar } from "./replay.ts";
import type { Place, TokenWriter } from "./token_writer.ts";

/** What one section is to be. */
export interface SectionOptions {
  /** Length in bars; Infinity until the model ends it. */
  readonly bars: number;
  /** Bars of an earlier section that are played again, ids without `Bar`. */
  readonly template?: readonly (readonly number[])[] | undefined;
  /** Share of the template's notes that are sampled anew. @default 0 */
  readonly distance?: number | undefined;
  /** See {@linkcode Draft.mayRestrike}. @default false */
  readonly mayRestrike?: boolean | undefined;
}

/** A sampled section. */
export interface Section {
  /** Ids of each bar, without `Bar`; a piece's first bar has meter and tempo. */
  readonly bars: readonly (readonly number[])[];
  /** Sum of the sampled tokens' nats, by the model's own distribution. */
  readonly nats: number;
  /** Tokens sampled for it. */
  readonly sampled: number;
  /** Ids of the meter and tempo in force at its start; none for a piece's first. */
  readonly header: readonly number[];
  /** Whether it is complete, not cut off by `maxTokens`. */
  readonly whole: boolean;
}

/** Limits and progress of a {@linkcode SectionSampler}. */
export interface SectionSamplerOptions {
  /** Most tokens sampled in all. @default Infinity */
  readonly maxTokens?: number | undefined;
  /** Called after every token; sampling waits for the promise, if any. */
  readonly onToken?: (
    sampled: number,
    bar: number,
  ) => Promise<void> | undefined;
}

/** The sections of one piece, one after the other. */
export class SectionSampler {
  readonly #writer: TokenWriter;
  readonly #options: SectionSamplerOptions;

  constructor(writer: TokenWriter, options: SectionSamplerOptions = {}) {
    this.#writer = writer;
    this.#options = options;
  }

  /** See {@linkcode TokenWriter.hear}. */
  hear(bars: readonly (readonly number[])[], planned: number): void {
    this.#writer.hear(bars, planned);
  }

  /** Samples a section once. */
  async section(options: SectionOptions): Promise<Section> {
    const { bars, template, distance = 0 } = options;
    const writer = this.#writer;
    const { header, sampled: before } = writer;
    const draft = writer.beginSection(bars);
    draft.mayRestrike = options.mayRestrike ?? false;
    let whole = true;
    if (template) {
      for (const bar of template.slice(0, bars)) {
        writer.write(writer.barId, draft);
        replayBar(writer, bar, distance, draft);
      }
    } else whole = await this.#sampleBars(draft, bars);
    writer.endSection();
    const sampled = writer.sampled - before;
    return { header, bars: draft.bars, nats: draft.nats, sampled, whole };
  }

  /**
   * Samples `attempts` drafts of a section and keeps the one after which a given
   * bar surprises the model least.
   *
   * @param into That bar, ids without `Bar`.
   */
  async leading(
    options: SectionOptions,
    into: readonly number[],
    attempts: number,
  ): Promise<Section> {
    const writer = this.#writer;
    const { barId, header, place: start } = writer;
    const follows = [barId, ...into.filter((id) => !header.includes(id))];
    let best: { section: Section; place: Place; nats: number } | undefined;
    for (let i = 0; i < attempts; i++) {
      if (i > 0) writer.place = start;
      const section = await this.section(options);
      const nats = writer.surprises(follows) + (section.whole ? 0 : Infinity);
      if (best === undefined || nats < best.nats) {
        best = { section, place: writer.place, nats };
      }
    }
    writer.place = best!.place;
    return best!.section;
  }

  /** Samples a section to its end; false where `maxTokens` cuts it off. */
  async #sampleBars(
    draft: Draft,
    bars: number,
  ): Promise<boolean> {
    const { maxTokens = Infinity, onToken } = this.#options;
    const writer = this.#writer;
    while (writer.sampled < maxTokens) {
      writer.mask(draft);
      const id = writer.sample();
      if (writer.ends(id, bars)) return true;
      writer.writeSampled(id, draft);
      if (writer.complete) draft.keep();
      const pause = onToken?.(writer.sampled, writer.bar);
      if (pause) await pause;
    }
    draft.cut();
    return false;
  }
}
