/**
 * Where the lines of a command go, and the line that shows its progress.
 */

import { printable } from "../base/base.ts";

/** Where lines go. */
export interface Output {
  /** Takes a line of results. */
  readonly log: (line: string) => void;
  /** Takes a line about an error or progress. */
  readonly error: (line: string) => void;
}

/**
 * Shows how far a command is.
 *
 * @param text What it does.
 * @param share How much of that is done, 0 to 1. @default not known
 */
export type Progress = (text: string, share?: number) => void;

/** Characters of a bar. */
const BAR = 20;

/**
 * A text behind a bar, cut to a width.
 *
 * @param share How much of the bar is full, 0 to 1; undefined for none.
 */
export function barLine(
  text: string,
  share: number | undefined,
  width: number,
): string {
  const full = Math.round(BAR * Math.min(1, Math.max(0, share ?? 0)));
  const bar = share === undefined
    ? ""
    : `${"█".repeat(full)}${"░".repeat(BAR - full)} `;
  return (bar + text).slice(0, width);
}

/** Milliseconds between two updates in a terminal, and elsewhere. */
const TERMINAL_MILLISECONDS = 50, LOG_MILLISECONDS = 1000;

/**
 * Shows progress: in a terminal one line, overwritten; elsewhere lines of `output`, and
 * within the first second only such as count.
 */
export class ProgressLine {
  readonly #output: Output;
  readonly #overwrites: boolean;
  readonly #pause: number;
  readonly #begun = performance.now();
  #last = -Infinity;
  /** What came too soon after the line before, until `#timer` shows it. */
  #next: { readonly text: string; readonly share: number | undefined } = {
    text: "",
    share: undefined,
  };
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param output A terminal only if it is the console. */
  constructor(output: Output) {
    this.#output = output;
    this.#overwrites = output === console && Deno.stderr.isTerminal();
    this.#pause = this.#overwrites ? TERMINAL_MILLISECONDS : LOG_MILLISECONDS;
  }

  /** Shows a text, later if the last one was shown a moment ago. */
  show(text: string, share?: number): void {
    const last = this.#overwrites || share !== undefined
      ? this.#last
      : Math.max(this.#last, this.#begun);
    const wait = last + this.#pause - performance.now();
    this.#next = { text, share };
    if (wait <= 0) this.#showNext();
    else this.#timer ??= setTimeout(() => this.#showNext(), wait);
  }

  /** Clears the terminal's line. */
  clear(): void {
    this.#stopTimer();
    if (this.#overwrites && this.#last > -Infinity) this.#write("");
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #showNext(): void {
    this.#stopTimer();
    this.#last = performance.now();
    const { text, share } = this.#next;
    const line = printable(text);
    if (!this.#overwrites) return this.#output.error(line);
    // A line that is longer than the terminal is wide could not be overwritten.
    this.#write(barLine(line, share, Deno.consoleSize().columns - 1));
  }

  #write(text: string): void {
    Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${text}`));
  }
}
