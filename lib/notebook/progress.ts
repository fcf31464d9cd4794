/** Progress of long work: how much is done, how fast, and the time left. */
import {
  type DisplayObject,
  escapeXml,
  formatSeconds,
  jupyterDisplay,
} from "../plot/plot.ts";
import { inNotebook, LiveOutput, settle } from "./output.ts";
import { beginLine, endingOf, forgetLine } from "./unfinished.ts";

/** The state of some long work. */
export interface ProgressState {
  /** What is being done. */
  readonly title: string;
  /** Units done. */
  readonly done: number;
  /** Units in all; 0 while unknown. */
  readonly total: number;
  /** Name of the unit, in the plural. */
  readonly unit: string;
  /** Time since the work began. */
  readonly elapsedSeconds: number;
  /** Text after the figures. */
  readonly note?: string | undefined;
}

/**
 * Describes progress in one line: how much is done, how fast, and the time left.
 *
 * @param state The state of the work.
 * @returns A line without line break.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { describeProgress } from "immersic/notebook/notebook.ts";
 * const line = describeProgress({
 *   title: "Preprocessing",
 *   done: 30,
 *   total: 120,
 *   unit: "files",
 *   elapsedSeconds: 10,
 * });
 * assert(
 *   line === "Preprocessing 30 of 120 files · 3.0 files/s · 30 s left",
 * );
 * ```
 */
export function describeProgress(state: ProgressState): string {
  const { title, done, total, unit, elapsedSeconds, note } = state;
  const perSecond = done / elapsedSeconds;
  const facts = [
    `${title} ${done} ${total > 0 ? `of ${total} ` : ""}${unit}`,
  ];
  if (done === 0 || elapsedSeconds <= 0) {
    facts.push(formatSeconds(elapsedSeconds));
  } else {
    facts.push(formatRate(perSecond, unit));
    if (total > 0) {
      facts.push(`${formatSeconds((total - done) / perSecond)} left`);
    }
  }
  if (note) facts.push(note);
  return facts.join(" · ");
}

/** How much is done, in words, such as "12 of 60 s of sound". */
function countOf(
  { done, total, unit, note }: Pick<
    ProgressState,
    "done" | "total" | "unit" | "note"
  >,
): string {
  const count = `${done} ${total > 0 ? `of ${total} ` : ""}${unit}`;
  return note ? `${count}, ${note}` : count;
}

function formatRate(perSecond: number, unit: string): string {
  if (perSecond >= 100) return `${Math.round(perSecond)} ${unit}/s`;
  if (perSecond >= 1) return `${perSecond.toFixed(1)} ${unit}/s`;
  if (perSecond * 60 >= 1) return `${(perSecond * 60).toFixed(1)} ${unit}/min`;
  return `${(perSecond * 3600).toFixed(1)} ${unit}/h`;
}

/** A progress line in the cell's output. Made by {@linkcode progress}. */
export class Progress {
  readonly #title: string;
  #total: number;
  readonly #unit: string;
  readonly #output = new LiveOutput(250);
  readonly #startMs = performance.now();
  #done = 0;
  #note: string | undefined;
  #updatedMs = performance.now();
  #longestGapMs = 0;
  #timer?: ReturnType<typeof setInterval>;
  #isOver = false;

  /** A line that starts at once; `total` is 0 while unknown. */
  constructor(title: string, total: number, unit: string) {
    this.#title = title;
    this.#total = total;
    this.#unit = unit;
    if (!inNotebook()) return;
    const timer = setInterval(() => this.#tick(), 1000);
    Deno.unrefTimer(timer);
    this.#timer = timer;
    beginLine(this);
    this.#draw();
  }

  /**
   * Reports how much is done.
   *
   * @param done Units done.
   * @param more A total that has become known, and text after the figures.
   */
  update(done: number, more: { total?: number; note?: string } = {}): void {
    const nowMs = performance.now();
    this.#longestGapMs = Math.max(this.#longestGapMs, nowMs - this.#updatedMs);
    this.#updatedMs = nowMs;
    this.#done = done;
    this.#total = more.total ?? this.#total;
    this.#note = more.note;
    if (!this.#isOver) this.#draw();
  }

  /**
   * Ends the line with the result and the time taken.
   *
   * @param result The result, in words. Default: the count and the rate.
   */
  async done(result?: string): Promise<void> {
    this.#close();
    const seconds = this.#elapsedSeconds();
    const rate = formatRate(this.#done / Math.max(seconds, 1e-3), this.#unit);
    const text = `✓ ${this.#title}: ${
      result ?? `${this.#done} ${this.#unit}, ${rate}`
    } in ${seconds < 10 ? `${seconds.toFixed(1)} s` : formatSeconds(seconds)}`;
    this.#output.update(textLine(text));
    await settle();
  }

  /** Ends the line where the work is not done. Reports change it no more, until `done`. */
  end(how: "failed" | "stopped"): void {
    this.#close();
    const count = countOf({
      done: this.#done,
      total: this.#total,
      unit: this.#unit,
      note: this.#note,
    });
    // What is refused at once is refused by a sentence below.
    const text = how === "failed" && this.#done === 0
      ? `✗ ${this.#title} did not begin`
      : endingOf(how, this.#title, count);
    this.#output.update(textLine(text));
  }

  #close(): void {
    clearInterval(this.#timer);
    this.#isOver = true;
    forgetLine(this);
  }

  #elapsedSeconds(): number {
    return (performance.now() - this.#startMs) / 1000;
  }

  /** Updates time and estimate between reports. */
  #tick(): void {
    // Work of a cell that went well may have been given up: no reports come.
    const silentMs = performance.now() - this.#updatedMs;
    if (silentMs > 10_000 + 3 * this.#longestGapMs) {
      clearInterval(this.#timer);
      forgetLine(this);
    } else this.#draw();
  }

  #draw(): void {
    const text = describeProgress({
      title: this.#title,
      done: this.#done,
      total: this.#total,
      unit: this.#unit,
      elapsedSeconds: this.#elapsedSeconds(),
      note: this.#note,
    });
    this.#output.update(
      progressLine(
        this.#title,
        this.#total > 0 ? this.#done / this.#total : undefined,
        text,
      ),
    );
  }
}

/**
 * A bar and a line of text, as a display object.
 *
 * @param share How much of the bar is full, 0 to 1; undefined if unknown.
 */
export function progressLine(
  title: string,
  share: number | undefined,
  text: string,
): DisplayObject {
  const value = share === undefined ? "" : ` value="${share.toFixed(3)}"`;
  const bar = `<progress max="1"${value} aria-label="${
    escapeXml(title)
  }"></progress>`;
  return textLine(text, `${bar} `);
}

/** A line of text as a display object; its HTML form begins with `html`. */
export function textLine(text: string, html = ""): DisplayObject {
  return {
    [jupyterDisplay]: () => ({
      "text/html": `<p>${html}${escapeXml(text)}</p>`,
      "text/plain": text,
    }),
  };
}

/** Options of {@linkcode progress}. */
export interface ProgressOptions {
  /** Name of the unit, in the plural. @default {"steps"} */
  unit?: string;
}

/**
 * Shows a progress line with rate and time left. It is refreshed every second, also
 * between updates, if the work lets the event loop run now and then.
 *
 * @param title What is being done.
 * @param total Units in all; 0 while unknown.
 * @returns The line, to be updated and ended with `done`.
 * @throws {RangeError} If `total` is negative or not a number.
 *
 * @example
 * ```ts
 * import { progress } from "immersic/notebook/notebook.ts";
 * const files = progress("Preprocessing", 120, { unit: "files" });
 * files.update(60);
 * await files.done("all 120 files kept");
 * ```
 */
export function progress(
  title: string,
  total: number,
  options: ProgressOptions = {},
): Progress {
  if (!(total >= 0)) {
    throw new RangeError(
      `Cannot show progress: the total must be zero or more, current value is ${total}.`,
    );
  }
  return new Progress(title, total, options.unit ?? "steps");
}
