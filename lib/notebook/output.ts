/**
 * Outputs of a cell: shown at once, replaced later, and all of them sent before the
 * cell ends.
 */
import { atCellEnd } from "./bootstrap.ts";
import {
  type DisplayObject,
  jupyterDisplay,
  type MimeBundle,
} from "../plot/plot.ts";

/** Whether this code runs in a notebook's kernel. */
export function inNotebook(): boolean {
  return kernel() !== undefined;
}

/** The kernel's display functions. Reading them outside a kernel throws. */
function kernel(): typeof Deno.jupyter | undefined {
  try {
    return Deno.jupyter;
  } catch {
    return undefined;
  }
}

/** The last message sent; each message waits for the one before. */
let sent: Promise<void> = Promise.resolve();

function send(
  bundle: () => MimeBundle | Promise<MimeBundle>,
  id: string,
  update: boolean,
): void {
  const jupyter = kernel();
  if (!jupyter) return;
  // A failure to show a figure must not end the training that it shows.
  sent = sent.then(async () =>
    await jupyter.display(
      await bundle(),
      { raw: true, display_id: id, update },
    )
  ).catch(() => {});
}

/** Live outputs whose last version was not sent yet, or only as a draft. */
const unfinished = new Set<LiveOutput>();
// What is sent later would come under another cell.
atCellEnd(() => settle(0));

/**
 * Waits until everything shown so far has reached the front end.
 *
 * The kernel publishes outputs up to some tens of milliseconds after it reports the
 * end of a cell, and front ends that stop listening then lose them. Awaited at the
 * end of a cell, this keeps the cell running for that time.
 *
 * @param milliseconds How long to wait once everything is sent.
 *
 * @example
 * ```ts
 * import { settle } from "immersic/notebook/notebook.ts";
 * await settle();
 * ```
 */
export async function settle(milliseconds = 150): Promise<void> {
  if (!inNotebook()) return;
  for (const output of unfinished) output.finish();
  await sent;
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Shows values one below the other, and waits until they are sent.
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
    send(() => value[jupyterDisplay](), crypto.randomUUID(), false);
  }
  await settle();
}

/** An output that can be replaced. Made by {@linkcode liveFigure}. */
export class LiveOutput {
  readonly #id = crypto.randomUUID();
  readonly #minIntervalMs: number;
  #shown = false;
  #sentMs = -Infinity;
  /** The last version, until all of it is sent. */
  #last: DisplayObject | undefined;
  #isDrafted = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** An output with a least time between versions, in milliseconds. */
  constructor(minIntervalMs: number) {
    this.#minIntervalMs = minIntervalMs;
  }

  /** Replaces what is shown, at once or after the least time between versions. */
  update(value: DisplayObject): void {
    if (!inNotebook()) return;
    this.#last = value;
    this.#isDrafted = false;
    unfinished.add(this);
    const waitMs = this.#sentMs + this.#minIntervalMs - performance.now();
    if (waitMs <= 0) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), waitMs);
  }

  /** Sends the version that still waits, as a draft if it has one. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const value = this.#last;
    if (!value || this.#isDrafted) return;
    if (!value.draft) return this.finish();
    this.#isDrafted = true;
    this.#send(() => value.draft!());
  }

  /** Sends all of the last version. */
  finish(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    unfinished.delete(this);
    const value = this.#last;
    if (!value) return;
    this.#last = undefined;
    this.#send(() => value[jupyterDisplay]());
  }

  #send(bundle: () => MimeBundle | Promise<MimeBundle>): void {
    send(bundle, this.#id, this.#shown);
    this.#shown = true;
    this.#sentMs = performance.now();
  }
}

/** How a {@linkcode liveFigure} behaves. */
export interface LiveFigureOptions {
  /**
   * Least time between versions, in milliseconds. Jupyter's server drops the outputs
   * of a kernel that sends more than a megabyte per second.
   * @default {250}
   */
  minIntervalMs?: number;
}

/**
 * A place in the cell's output whose content can be replaced while the cell runs.
 * Versions that follow too fast are skipped, but never the last one if the cell ends
 * with `await settle()`.
 *
 * @returns The place; it shows nothing before its first `update`.
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
