/**
 * A browser window with a loss curve to zoom into while training runs, drawn by
 * nodeplotlib.
 *
 * nodeplotlib prints messages and cannot be shut down: in a notebook's kernel it
 * would go on serving after the run. It therefore runs in a process of its own, which
 * ends when the window is closed or the kernel ends.
 */
import {
  type DisplayObject,
  escapeXml,
  jupyterDisplay,
  type LossPoint,
  type MimeBundle,
} from "../plot/plot.ts";

/** How {@linkcode openLiveWindow} opens the window. */
export interface LiveWindowOptions {
  /** The heading. @default {"Loss"} */
  title?: string;
  /** Whether to open a browser; if not, the cell shows a link. @default {true} */
  openBrowser?: boolean;
  /**
   * Address of the Plotly script, without which the page stays empty.
   * @default {the one that nodeplotlib's page loads}
   */
  plotlyUrl?: string;
}

/** A window that shows the loss curve; as a cell's value it is a link to it. */
export class LiveWindow implements DisplayObject {
  readonly #server: Deno.ChildProcess | undefined;
  readonly #input: WritableStreamDefaultWriter<Uint8Array> | undefined;

  /**
   * A window, or the reason why there is none.
   *
   * @param message Whether it opened, in a sentence.
   * @param url Its address; none if it could not be opened.
   * @param server The process that serves it.
   */
  constructor(
    readonly message: string,
    readonly url?: string,
    server?: Deno.ChildProcess,
  ) {
    this.#server = server;
    this.#input = server?.stdin.getWriter();
  }

  /** Shows these epochs. Does nothing if the window is closed. */
  update(history: readonly LossPoint[]): void {
    const trace = (name: string, y: (number | null | undefined)[]) => ({
      name,
      x: history.map((point) => point.epoch),
      y,
      type: "scatter",
      mode: "lines+markers",
    });
    const traces = [
      trace("training", history.map((point) => point.trainLoss)),
      trace("validation", history.map((point) => point.validLoss)),
    ];
    this.#input?.write(new TextEncoder().encode(JSON.stringify(traces) + "\n"))
      .catch(() => {});
  }

  /** Ends the server. The page stays as it is until the reader closes it. */
  async close(): Promise<void> {
    await this.#input?.close().catch(() => {});
    await this.#server?.status;
  }

  /** A link to the window, or the message. */
  [jupyterDisplay](): MimeBundle {
    const text = escapeXml(this.message);
    return {
      "text/html": this.url
        ? `<p><a href="${this.url}" target="_blank">${text}</a></p>`
        : `<p>${text}</p>`,
      "text/plain": this.message,
    };
  }
}

/** The open window of this kernel. */
let current: LiveWindow | undefined;

/**
 * Opens a browser window with a loss curve to zoom into. If it cannot be opened, for
 * example without a network, nothing fails: the result says why and ignores updates.
 *
 * Each kernel has one window at most: opening one closes the one before.
 *
 * @returns The window, to be given to {@linkcode watchTraining}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openLiveWindow } from "immersic/notebook/notebook.ts";
 * const plotlyUrl = "http://127.0.0.1:9/unreachable.js";
 * const window = await openLiveWindow({ plotlyUrl });
 * assert(window.url === undefined);
 * window.update([{ epoch: 1, trainLoss: 3 }]);
 * await window.close();
 * ```
 */
export async function openLiveWindow(
  options: LiveWindowOptions = {},
): Promise<LiveWindow> {
  const {
    title = "Loss",
    openBrowser = true,
    plotlyUrl = "https://cdn.plot.ly/plotly-1.58.4.min.js",
  } = options;
  await current?.close();
  current = undefined;
  if (!await isReachable(plotlyUrl)) {
    return new LiveWindow(
      `The live window needs ${
        new URL(plotlyUrl).host
      }, which cannot be reached; the curve in the notebook goes on.`,
    );
  }
  const server = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      "--quiet",
      import.meta.resolve("./live_window_server.ts"),
      title,
    ],
    // nodeplotlib opens no browser if a port is given; 0 is any free port.
    env: openBrowser ? {} : { NODEPLOTLIB_PORT: "0" },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  server.unref();
  // Killing the process ends its output and so the wait below.
  const tooLate = setTimeout(() => server.kill(), 30_000);
  const url = await announcedUrl(server.stdout);
  clearTimeout(tooLate);
  if (url === undefined) {
    await server.stdin.close().catch(() => {});
    return new LiveWindow(
      "The live window could not be opened, as nodeplotlib did not start; the curve in the notebook goes on.",
    );
  }
  current = new LiveWindow("Open the live loss window", url, server);
  return current;
}

async function isReachable(url: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(3000);
    const response = await fetch(url, { method: "HEAD", signal });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** Reads the server's address from its output, and discards the rest. */
async function announcedUrl(
  output: ReadableStream<Uint8Array>,
): Promise<string | undefined> {
  const reader = output.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return undefined;
    text += decoder.decode(value, { stream: true });
    const url = /http:\/\/localhost:\d+/.exec(text)?.[0];
    if (url) {
      drain(reader);
      return url;
    }
  }
}

async function drain(reader: ReadableStreamDefaultReader): Promise<void> {
  while (!(await reader.read()).done);
}
