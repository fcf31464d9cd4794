/**
 * How outputs reach the front end: shown now, replaced later, and all of them
 * before the cell ends.
 */
import {
  type DisplayObject,
  jupyterDisplay,
  type MimeBundle,
} from "../plot/plot.ts";

/** Whether this code runs in a notebook's kernel. */
export function inNotebook(): boolean {
  return kernel() !== undefined;
}

/** The kernel's own display functions; reading them elsewhere throws. */
function kernel(): typeof Deno.jupyter | undefined {
  try {
    return Deno.jupyter;
  } catch {
    return undefined;
  }
}

/** What was handed to the kernel last; each message waits for the one before. */
let sent: Promise<void> = Promise.resolve();

function send(bundle: MimeBundle, id: string, update: boolean): void {
  const jupyter = kernel();
  if (!jupyter) return;
  // A picture that cannot be shown must not end the training it shows.
  sent = sent
    .then(() => jupyter.display(bundle, { raw: true, display_id: id, update }))
    .catch(() => {});
}

/** Live outputs that hold back a version, see {@linkcode LiveOutput}. */
const waiting = new Set<LiveOutput>();

/**
 * Waits until everything shown so far has reached the front end.
 *
 * The kernel publishes outputs up to some tens of milliseconds after it says
 * that a cell is finished, and a front end that stops listening then loses them.
 * Awaited at a cell's end this keeps the cell busy for that long.
 *
 * @param milliseconds How long to wait once all is sent.
 *
 * @example
 * ```ts
 * import { settle } from "immersic/notebook/notebook.ts";
 * await settle();
 * ```
 */
export async function settle(milliseconds = 150): Promise<void> {
  if (!inNotebook()) return;
  for (const output of waiting) output.flush();
  await sent;
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Shows values one below the other, and returns once they are on their way.
 *
 * @param values Figures, tables, players, links.
 *
 * @example
 * ```ts
 * import { display } from "immersic/notebook/notebook.ts";
 * import { table } from "immersic/plot/plot.ts";
 * await display(table([{ files: 120 }]));
 * ```
 */
export async function display(...values: DisplayObject[]): Promise<void> {
  for (const value of values) {
    send(value[jupyterDisplay](), crypto.randomUUID(), false);
  }
  await settle();
}

/** An output that is replaced in place. Made by {@linkcode liveFigure}. */
export class LiveOutput {
  readonly #id = crypto.randomUUID();
  readonly #minIntervalMs: number;
  #shown = false;
  #sentMs = -Infinity;
  #held?: DisplayObject;
  #timer?: ReturnType<typeof setTimeout>;

  constructor(minIntervalMs: number) {
    this.#minIntervalMs = minIntervalMs;
  }

  /** Shows this instead of what was shown before, at once or a little later. */
  update(value: DisplayObject): void {
    if (!inNotebook()) return;
    this.#held = value;
    waiting.add(this);
    const waitMs = this.#sentMs + this.#minIntervalMs - performance.now();
    if (waitMs <= 0) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), waitMs);
  }

  /** Shows what is held back. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    waiting.delete(this);
    if (!this.#held) return;
    send(this.#held[jupyterDisplay](), this.#id, this.#shown);
    this.#held = undefined;
    this.#shown = true;
    this.#sentMs = performance.now();
  }
}

/** How a {@linkcode liveFigure} behaves. */
export interface LiveFigureOptions {
  /**
   * Time between versions, in milliseconds. Jupyter's server drops the outputs
   * of a kernel that sends more than a megabyte a second.
   * @default {250}
   */
  minIntervalMs?: number;
}

/**
 * A place in the cell's output whose content can be replaced while the cell
 * runs. Versions that follow too fast are skipped; the last one never is, if
 * the cell ends with `await settle()`.
 *
 * @returns The place; nothing is shown before its first `update`.
 *
 * @example
 * ```ts
 * import { liveFigure, settle } from "immersic/notebook/notebook.ts";
 * import { lossCurve } from "immersic/plot/plot.ts";
 * const figure = liveFigure();
 * figure.update(lossCurve([{ epoch: 1, trainLoss: 3.2 }]));
 * await settle();
 * ```
 */
export function liveFigure(options: LiveFigureOptions = {}): LiveOutput {
  return new LiveOutput(options.minIntervalMs ?? 250);
}
