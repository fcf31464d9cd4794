/**
 * The kernel's end of the line to `relay.py`, loaded into the kernel before
 * the first cell: prints the markers that tell where a cell's outputs end,
 * and hands interrupts to code that listens for them.
 */

let connection: Deno.TcpConn | undefined;
const listeners = new Set<AbortController>();

/** Tells the relay something, if this is a kernel that has one. */
function report(news: "heard" | "listening" | "deaf"): void {
  connection?.write(new TextEncoder().encode(`${news}\n`)).catch(() => {});
}

/**
 * Joins the relay and obeys it. Called by the relay, once.
 *
 * @param port Port of the relay on this machine.
 * @param marker What to print behind a cell's outputs; also the proof that
 * the caller was sent by the relay.
 */
export async function connect(port: number, marker: string): Promise<void> {
  // Taken now, so that a cell which replaces them does not silence markers.
  const { log } = console;
  const { broadcast } = Deno.jupyter;
  connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(`${marker}\n`));
  if (Deno.build.os !== "windows") {
    // Ctrl-C in the terminal reaches the whole process group; only the relay
    // answers it.
    Deno.addSignalListener("SIGINT", () => {});
  }
  obey(connection, async (order) => {
    if (order === "interrupt") {
      report("heard");
      for (const listener of listeners) listener.abort();
    } else {
      // Printed text and displayed objects may wait in queues of their own.
      log(`${marker} ${order}`);
      await broadcast("display_data", {
        data: { "text/plain": `${marker} ${order}` },
        metadata: {},
        transient: {},
      });
    }
  });
}

/** Tells while it lives whether the user pressed Stop. */
export interface InterruptListener extends Disposable {
  /** Aborted by the first interrupt. */
  readonly signal: AbortSignal;
}

/**
 * Listens for interrupts of the running cell ("Stop" in a front end). While
 * anybody listens, an interrupt only aborts the signal, so that a long
 * computation can end its step, save and return. It must let the event loop
 * run now and then to hear that: await a timer, not only a resolved promise.
 *
 * @returns A listener, to be disposed when the computation ends (in a block or
 * a function: `using` at the top of a cell disposes nothing). The end of the
 * cell ends it in any case. Outside a kernel started with this project's
 * kernelspec its signal never aborts.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { listenForInterrupt } from "immersic/notebook/bootstrap.ts";
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
  report("listening");
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      listeners.delete(controller);
      if (listeners.size === 0) report("deaf");
    },
  };
}

async function obey(
  connection: Deno.TcpConn,
  carryOut: (order: string) => Promise<void>,
): Promise<void> {
  const text = connection.readable.pipeThrough(new TextDecoderStream());
  let rest = "";
  try {
    for await (const chunk of text) {
      const orders = (rest + chunk).split("\n");
      rest = orders.pop()!;
      for (const order of orders) await carryOut(order);
    }
  } finally {
    // A kernel whose relay is gone can never be reached again.
    Deno.exit();
  }
}
