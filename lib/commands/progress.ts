/**
 * Where the lines of a command go, and the line that shows its progress.
 */

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

/** Shows progress: in a terminal one line, overwritten; elsewhere lines of `output`. */
export class ProgressLine {
  readonly #output: Output;
  readonly #overwrites: boolean;
  #last = -Infinity;

  /** @param output A terminal only if it is the console. */
  constructor(output: Output) {
    this.#output = output;
    this.#overwrites = output === console && Deno.stderr.isTerminal();
  }

  /** Shows a text, unless the last one was shown a moment ago. */
  show(text: string, share?: number): void {
    const now = performance.now();
    const pause = this.#overwrites ? TERMINAL_MILLISECONDS : LOG_MILLISECONDS;
    if (now - this.#last < pause) return;
    this.#last = now;
    if (this.#overwrites) {
      // A line that is longer than the terminal is wide could not be overwritten.
      const { columns } = Deno.consoleSize();
      this.#write(barLine(text, share, columns - 1));
    } else this.#output.error(text);
  }

  /** Clears the terminal's line. */
  clear(): void {
    if (this.#overwrites && this.#last > -Infinity) this.#write("");
  }

  #write(text: string): void {
    Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${text}`));
  }
}
