/**
 * A browser window in which the loss curve can be zoomed while training runs,
 * drawn by nodeplotlib.
 *
 * nodeplotlib prints what it does, cannot be shut down and, left in a notebook's
 * kernel, would go on serving after the run. So it runs in a process of its own,
 * whose output is read here and which ends when the window is closed, or with
 * the notebook's kernel.
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
  /** @default {"Loss"} */
  title?: string;
  /** False leaves it to the reader to follow the link. @default {true} */
  openBrowser?: boolean;
  /**
   * The script the page loads; without it the page would stay empty.
   * @default {the address nodeplotlib's page holds}
   */
  plotlyUrl?: string;
}

/** A window that shows the loss curve; as a cell's value, a link to it. */
export class LiveWindow implements DisplayObject {
  readonly #server?: Deno.ChildProcess;
  readonly #input?: WritableStreamDefaultWriter<Uint8Array>;

  /**
   * @param message What became of the window, in a sentence.
   * @param url The window's address; none where it could not be opened.
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

  /** Shows these epochs. Never fails: a closed window takes nothing in. */
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

  /** Ends the server; the page stays as it is until the reader closes it. */
  async close(): Promise<void> {
    await this.#input?.close().catch(() => {});
    await this.#server?.status;
  }

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

let current: LiveWindow | undefined;

/**
 * Opens a browser window with a loss curve that can be zoomed. Where it cannot
 * be opened, for example without a network, nothing breaks: the result says why
 * and takes updates all the same.
 *
 * Opening a window closes the one before. Each kernel has one at most.
 *
 * @returns The window, to be given to `trainingView`.
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
    // With a port given, nodeplotlib opens no browser; 0 is any free port.
    env: openBrowser ? {} : { NODEPLOTLIB_PORT: "0" },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  server.unref();
  // Ending the process ends its output, and with it the wait.
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

/** Reads the server's address from its output, and the rest in silence. */
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
