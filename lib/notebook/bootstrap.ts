/**
 * The kernel's side of the connection to `relay.py`, loaded into the kernel before
 * the first cell. It prints the markers that follow a cell's last output, and passes
 * interrupts to code that listens for them.
 */

let relay: WritableStreamDefaultWriter<Uint8Array> | undefined;
const listeners = new Set<AbortController>();

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
  // Kept, so that markers still work if a cell replaces them.
  const { log } = console;
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  relay = connection.writable.getWriter();
  await relay.write(new TextEncoder().encode(`${marker}\n`));
  if (Deno.build.os !== "windows") {
    // Ctrl-C in the terminal reaches the whole process group. Only the relay is to
    // answer it.
    Deno.addSignalListener("SIGINT", () => {});
  }
  obey(connection, (order) => {
    switch (order.type) {
      case "prepare":
        report({ type: "prepared", n: order.n, code: order.code });
        break;
      case "stop":
        report({ type: "heard" });
        for (const listener of listeners) listener.abort();
        break;
      case "end":
        log(`${marker} ${order.n}`);
    }
  });
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
      if (listeners.size === 0) report({ type: "listening", on: false });
    },
  };
}

/** Carries out the relay's orders, one per line, until the connection ends. */
async function obey(
  connection: Deno.TcpConn,
  carryOut: (order: Order) => void,
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
