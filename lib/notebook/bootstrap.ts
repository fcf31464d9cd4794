/**
 * The kernel's side of the connection to `relay.py`, loaded into the kernel before
 * the first cell. It prints the markers that follow a cell's last output, stops what
 * cells run, and shows errors that nothing else would show.
 */
import { STOPPABLE, Waits } from "./waits.ts";

let relay: WritableStreamDefaultWriter<Uint8Array> | undefined;
const listeners = new Set<AbortController>();
/** Whether the running cell does work that gives turns, and so hears of Stop. */
let givesTurns = false;
const enders = new Set<(how: CellEnd) => Promise<void>>();

/** How the code of a cell has ended. */
export type CellEnd = "done" | "failed" | "stopped";

/** An order of the relay; `orders.py` says what each means. */
type Order =
  | { type: "prepare"; n: number; code: string }
  | { type: "stop" }
  | { type: "end"; n: number; failed: boolean };

/** What the relay is told. */
type News =
  | { type: "prepared"; n: number; code: string }
  | { type: "heard" }
  | { type: "listening"; on: boolean };

/**
 * Time for work to stop at its next turn, before the cell no longer waits for it, in
 * milliseconds.
 */
const STOP_MILLISECONDS = 400;
/** The same for code that listens, which finishes a step and saves. */
const LISTENING_MILLISECONDS = 5000;
/** Longest time for what is shown when a cell has ended. */
const END_MILLISECONDS = 500;

/** Sends a message to the relay, if this kernel has one. */
function report(news: News): void {
  relay?.write(new TextEncoder().encode(`${JSON.stringify(news)}\n`))
    .catch(() => {});
}

/**
 * Connects to the relay and carries out its orders. Called by the relay, once.
 *
 * @param port Port of the relay on this machine.
 * @param marker Secret text to print after a cell's outputs. It also proves to the
 * relay that this is the kernel it started.
 */
export async function connect(port: number, marker: string): Promise<void> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  relay = connection.writable.getWriter();
  await relay.write(new TextEncoder().encode(`${marker}\n`));
  if (Deno.build.os !== "windows") {
    // Ctrl-C in the terminal reaches the whole process group. Only the relay is to
    // answer it.
    Deno.addSignalListener("SIGINT", () => {});
  }
  showLostErrors();
  const cells = new Cells(marker);
  obey(connection, (order) => cells.obey(order));
}

/** Carries out what the relay orders about cells. */
class Cells {
  readonly #marker: string;
  // Kept, so that markers still work if a cell replaces it.
  readonly #log: (line: string) => void;
  readonly #waits = new Waits();
  readonly #parts = loadParts();
  #isRunning = false;
  #wasStopped = false;
  #forced: ReturnType<typeof setTimeout> | undefined;

  constructor(marker: string) {
    const { log } = console;
    this.#log = log;
    this.#marker = marker;
    Object.defineProperty(globalThis, STOPPABLE, {
      value: Object.assign(this.#waits.stoppable, { each: this.#waits.each }),
    });
    // On a busy machine it may hear late. Forced to end before, it would leave the
    // kernel unable to run anything.
    this.#parts.then(({ whenTurnsBegin }) =>
      whenTurnsBegin(() => {
        givesTurns = true;
        report({ type: "listening", on: true });
      })
    );
  }

  async obey(order: Order): Promise<void> {
    switch (order.type) {
      case "prepare":
        return await this.#prepare(order.n, order.code);
      case "stop":
        return await this.#stop();
      case "end":
        return await this.#end(order.n, order.failed);
    }
  }

  async #prepare(n: number, code: string): Promise<void> {
    this.#isRunning = true;
    givesTurns = false;
    const { beginWork, prepareCell } = await this.#parts;
    beginWork();
    report({ type: "prepared", n, code: prepareCell(code) });
  }

  async #stop(): Promise<void> {
    report({ type: "heard" });
    this.#wasStopped = true;
    const milliseconds = listeners.size > 0
      ? LISTENING_MILLISECONDS
      : STOP_MILLISECONDS;
    for (const listener of listeners) listener.abort();
    // Another stop does not put off the first.
    this.#forced ??= setTimeout(() => this.#force(), milliseconds);
    (await this.#parts).askToStop();
  }

  /** Ends what work that was asked to stop has left. */
  #force(): void {
    this.#forced = undefined;
    this.#waits.end();
    if (!this.#isRunning) this.#tellEnd(true);
  }

  async #end(n: number, failed: boolean): Promise<void> {
    clearTimeout(this.#forced);
    this.#forced = undefined;
    // Of a cell that was not prepared, the end is all that is known.
    if (!this.#isRunning) this.#parts.then(({ beginWork }) => beginWork());
    this.#isRunning = false;
    listeners.clear();
    await this.#tellEnd(failed);
    this.#log(`${this.#marker} ${n}`);
  }

  #tellEnd(failed: boolean): Promise<void> {
    const how = !failed ? "done" : this.#wasStopped ? "stopped" : "failed";
    this.#wasStopped = false;
    return tellEnd(how);
  }
}

/** Tells all that a cell has ended, and waits for what they show, but not for long. */
export async function tellEnd(how: CellEnd): Promise<void> {
  const { promise: tooLate, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, END_MILLISECONDS);
  const all = [...enders].map((ender) => ender(how).catch(() => {}));
  await Promise.race([Promise.all(all), tooLate]);
  clearTimeout(timer);
}

/** The rest of what cells need. Without it, as outside the project, they run as they are. */
async function loadParts() {
  try {
    const [{ askToStop, beginWork, whenTurnsBegin }, { prepareCell }] =
      await Promise.all([
        import("../base/base.ts"),
        import("./cell_code.ts"),
      ]);
    return { askToStop, beginWork, whenTurnsBegin, prepareCell };
  } catch {
    const nothing = () => {};
    const prepareCell = (code: string) => code;
    return {
      askToStop: nothing,
      beginWork: nothing,
      whenTurnsBegin: nothing,
      prepareCell,
    };
  }
}

/** Prints errors of promises that nobody awaits, and of timers. */
function showLostErrors(): void {
  const { error: print } = console;
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    print(describeLost(event.reason));
  });
  addEventListener("error", (event) => {
    event.preventDefault();
    print(describeLost(event.error));
  });
}

/** An error as text: a sentence of ours alone, any other with its trace. */
function describeLost(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const isOurs = /^(?:Cannot |The work was stopped)/.test(error.message);
  return isOurs ? `${error.name}: ${error.message}` : error;
}

/**
 * Has a function called whenever the code of a cell has ended, before the front end is
 * told; what it shows is still the cell's. It has a second.
 *
 * @example
 * ```ts
 * import { atCellEnd } from "immersic/notebook/bootstrap.ts";
 * atCellEnd(async (how) => {
 *   if (how === "failed") await Deno.remove("half-written.wav");
 * });
 * ```
 */
export function atCellEnd(ender: (how: CellEnd) => Promise<void>): void {
  enders.add(ender);
}

/** Tells code whether the user has pressed Stop. */
export interface InterruptListener extends Disposable {
  /** Aborted by the first interrupt. */
  readonly signal: AbortSignal;
}

/**
 * Listens for interrupts of the running cell ("Stop" in a front end). While code
 * listens, an interrupt only aborts the signal, so that a long computation can
 * finish its step, save and return. The computation must let the event loop run now
 * and then: await a timer, as awaiting a resolved promise is not enough.
 *
 * @returns A listener, to be disposed when the computation ends, in a block or a
 * function: `using` at the top level of a cell disposes nothing. It stops listening
 * when the cell ends in any case. Outside the kernel of this project its signal
 * never aborts.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { listenForInterrupt } from "immersic/notebook/notebook.ts";
 * using interrupt = listenForInterrupt();
 * let steps = 0;
 * while (steps < 3 && !interrupt.signal.aborted) {
 *   steps++;
 *   await new Promise((resolve) => setTimeout(resolve));
 * }
 * assert(steps === 3);
 * ```
 */
export function listenForInterrupt(): InterruptListener {
  const controller = new AbortController();
  listeners.add(controller);
  report({ type: "listening", on: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      listeners.delete(controller);
      if (listeners.size === 0) report({ type: "listening", on: givesTurns });
    },
  };
}

/** Carries out the relay's orders, one per line, until the connection ends. */
async function obey(
  connection: Deno.TcpConn,
  carryOut: (order: Order) => Promise<void>,
): Promise<void> {
  const text = connection.readable.pipeThrough(new TextDecoderStream());
  let rest = "";
  try {
    for await (const chunk of text) {
      const orders = (rest + chunk).split("\n");
      rest = orders.pop()!;
      for (const order of orders) carryOut(JSON.parse(order));
    }
  } finally {
    // Without its relay, nothing can reach this kernel any more.
    Deno.exit();
  }
}
