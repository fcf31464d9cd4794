// @ts-check
// deno-lint-ignore-file camelcase -- names of messages and of the notebook format
/** @import { CodeCell, Future, Kernel, Message, Output } from "../jupyterlab.ts" */

import { Rejoined } from "./rejoined.js";

/**
 * How much later a file may have been saved than its cell ended and still miss the
 * end: the time that saving takes.
 */
const SAVING_SECONDS = 5;

/**
 * What the relay's journal knows of a cell; journal.py describes the fields.
 *
 * @typedef {{
 *   id: string, cell: string | null, code: string,
 *   state: "waiting" | "running" | "ok" | "error" | "aborted",
 *   count: number | null, outputs: Output[], asked: number, ended: number | null,
 * }} Entry
 */

/**
 * What to do with a cell of which the journal has an entry.
 *
 * - "follow": it runs or waits, but this page did not send it, or not to this server;
 * - "replay": this page sent it, and may have missed outputs or the end;
 * - "take": it ended, and this page or the file may not have that;
 * - "leave": it ended, and was cleared or run elsewhere since.
 *
 * @param {Entry} entry
 * @param {{
 *   own: boolean, missed: boolean, count: number | null
 * }} cell Whether the cell still listens to the entry's request, whether that is the
 * last one it listened to and it was not told of the end, and its execution count.
 * @param {number} saved When the file was saved, in seconds since 1970.
 * @returns {"follow" | "replay" | "take" | "leave"}
 */
export function decide(entry, { own, missed, count }, saved) {
  const { ended } = entry;
  if (ended === null || missed) {
    if (own) return "replay";
    return ended === null ? "follow" : "take";
  }
  const same = count !== null && count === entry.count;
  if (own) return same ? "replay" : "leave";
  return same || ended > saved - SAVING_SECONDS ? "take" : "leave";
}

/**
 * Whether a cell was told of the end of a request.
 *
 * @param {Future} future
 * @returns {Promise<boolean>}
 */
function heardEnd(future) {
  if (future instanceof Rejoined) return Promise.resolve(future.heardEnd);
  return Promise.race([
    future.done.then(() => true, () => false),
    new Promise((resolve) => setTimeout(() => resolve(false))),
  ]);
}

/** A cell, and the request that it was last run with. */
export class Following {
  #cell;
  #entry;
  #count;
  #missed;

  /**
   * @param {CodeCell} cell
   * @param {Entry} entry
   * @param {Kernel} kernel
   * @param {boolean} missed Whether the request is the last that the cell listened to,
   * and the cell was not told of its end.
   */
  constructor(cell, entry, kernel, missed) {
    this.#cell = cell;
    this.#entry = entry;
    this.#count = entry.count;
    this.#missed = missed;
    const { future } = cell.outputArea;
    const own = future && !(future instanceof Rejoined) &&
      !future.isDisposed && future.msg.header.msg_id === entry.id;
    /** @type {Future} */
    this.future = own ? future : new Rejoined(entry.id, kernel);
  }

  /**
   * The cell, with what the journal of a kernel has of it.
   *
   * @param {CodeCell} cell
   * @param {Entry} entry
   * @param {Kernel} kernel
   * @returns {Promise<Following>}
   */
  static async of(cell, entry, kernel) {
    const { future } = cell.outputArea;
    const missed = future?.msg.header.msg_id === entry.id &&
      !await heardEnd(future);
    return new Following(cell, entry, kernel, missed);
  }

  /**
   * Shows in the cell what the journal has.
   *
   * @param {number} saved When the file was saved, in seconds since 1970.
   * @param {readonly Message[]} later Messages after the journal.
   * @returns Whether the cell looks different now.
   */
  begin(saved, later) {
    const { model, outputArea } = this.#cell;
    const own = !(this.future instanceof Rejoined);
    const before = plain(model.outputs.toJSON());
    const { ended, outputs } = this.#entry;
    const decision = decide(
      this.#entry,
      { own, missed: this.#missed, count: model.executionCount },
      saved,
    );
    if (decision === "leave") {
      if (!own) outputArea.reattachFuture(this.future);
      return false;
    }
    const same = plain(outputs) === before;
    if (own) {
      if (!same) {
        outputArea.model.clear();
        this.#replay();
        for (const message of later) {
          if (message.parent_header.msg_id === this.#entry.id) {
            this.output(message);
          }
        }
      }
      const concluded = ended !== null && this.#missed;
      if (concluded) this.#conclude();
      return !same || concluded;
    }
    // As when a cell is run: its outputs come from the kernel, not from a file.
    model.trusted = true;
    outputArea.future = this.future; // Clears the outputs.
    this.#replay();
    if (ended === null) {
      model.executionCount = null;
      model.executionState = "running";
      return true;
    }
    const counted = model.executionCount === this.#count;
    this.end();
    return !same || !counted;
  }

  #replay() {
    for (const { output_type: type, ...content } of this.#entry.outputs) {
      this.output(compose(this.#entry.id, "iopub", type, content));
    }
  }

  /** Ends a request of this page whose end it has missed. */
  async #conclude() {
    const { id, state, count } = this.#entry;
    const status = state === "ok" || state === "error" ? state : "aborted";
    const error = this.#entry.outputs.findLast(({ output_type: type }) =>
      type === "error"
    );
    await this.future.handleMsg?.(
      compose(id, "iopub", "status", { execution_state: "idle" }),
    );
    await this.future.handleMsg?.(
      compose(id, "shell", "execute_reply", {
        ...{ traceback: [], ...error },
        ...{ status, execution_count: count },
      }),
    );
  }

  /**
   * Shows a message of the outputs channel in the cell.
   *
   * @param {Message} message
   */
  output(message) {
    if (this.#cell.isDisposed || this.future.isDisposed) return;
    this.future.onIOPub(message);
  }

  /**
   * Shows a question of the cell's code that waits for an answer, unless it is there.
   *
   * @param {Message} message
   */
  ask(message) {
    if (this.#cell.isDisposed || this.future.isDisposed) return;
    const { node } = this.#cell.outputArea;
    if (!node.querySelector(".jp-Stdin")) this.future.onStdin(message);
  }

  /**
   * Takes a message whose parent is the cell's request, if this page did not send it.
   *
   * @param {Message} message
   */
  hear(message) {
    // JupyterLab itself gives it to a future of its own.
    if (!(this.future instanceof Rejoined)) return;
    const { header, content } = message;
    if (header.msg_type === "input_request") this.future.onStdin(message);
    else this.output(message);
    if (header.msg_type === "execute_input") {
      this.#count = content.execution_count;
    } else if (
      header.msg_type === "status" && content.execution_state === "idle"
    ) this.end();
  }

  /** Shows the cell as idle, as its kernel has gone. */
  abandon() {
    if (!(this.future instanceof Rejoined) || this.future.heardEnd) return;
    this.end();
    this.future.heardEnd = false;
  }

  /** Shows the cell as ended, if this page did not run it. */
  end() {
    if (!(this.future instanceof Rejoined)) return;
    this.future.heardEnd = true;
    if (!this.#cell.isDisposed && !this.future.isDisposed) {
      const { model } = this.#cell;
      if (this.#count !== null) model.executionCount = this.#count;
      model.executionState = "idle";
    }
    this.future.end();
  }
}

/**
 * Outputs as text to compare, without what only messages have.
 *
 * @param {readonly Output[]} outputs
 */
function plain(outputs) {
  return JSON.stringify(outputs.map((output) => {
    const { output_type, name, text, data, metadata, ename, evalue } =
      /** @type {Record<string, any>} */ (output);
    const joined = [text].flat().join("");
    return [output_type, name, joined, data, metadata, ename, evalue];
  }));
}

/**
 * A message as the kernel would send it.
 *
 * @param {string} parent Id of the request that it belongs to.
 * @param {string} channel
 * @param {string} type
 * @param {object} content
 * @returns {Message}
 */
function compose(parent, channel, type, content) {
  const rest = { msg_id: "", session: "", username: "", date: "" };
  return {
    header: { msg_type: type, ...rest },
    parent_header: { msg_id: parent },
    channel,
    metadata: {},
    content,
  };
}
