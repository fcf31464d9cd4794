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
 * - "follow": it runs or waits, but this page did not send it;
 * - "replay": this page sent it, and may have missed outputs or the end;
 * - "take": it ended, and the file may not have that;
 * - "leave": it ended, and was cleared or run elsewhere since.
 *
 * @param {Entry} entry
 * @param {{ own: boolean, running: boolean, count: number | null }} cell Whether this
 * page sent the entry's request, shows the cell as running, and its execution count.
 * @param {number} saved When the file was saved, in seconds since 1970.
 * @returns {"follow" | "replay" | "take" | "leave"}
 */
export function decide(entry, cell, saved) {
  const { ended } = entry;
  if (cell.own) {
    return ended === null || cell.running || cell.count === entry.count
      ? "replay"
      : "leave";
  }
  if (ended === null) return "follow";
  return cell.count === entry.count && entry.count !== null ||
      ended > saved - SAVING_SECONDS
    ? "take"
    : "leave";
}

/** A cell, and the request that it was last run with. */
export class Following {
  #cell;
  #entry;
  #count;

  /**
   * @param {CodeCell} cell
   * @param {Entry} entry
   * @param {Kernel} kernel
   */
  constructor(cell, entry, kernel) {
    this.#cell = cell;
    this.#entry = entry;
    this.#count = entry.count;
    const { future } = cell.outputArea;
    const own = future && !(future instanceof Rejoined) &&
      !future.isDisposed && future.msg.header.msg_id === entry.id;
    /** @type {Future} */
    this.future = own ? future : new Rejoined(entry.id, kernel);
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
    const running = model.executionState === "running";
    const before = plain(model.outputs.toJSON());
    const { ended, outputs } = this.#entry;
    const decision = decide(
      this.#entry,
      { own, running, count: model.executionCount },
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
      if (ended !== null && running) this.#conclude();
      return !same || ended !== null && running;
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

  /** Shows the cell as ended, if this page did not run it. */
  end() {
    if (!(this.future instanceof Rejoined)) return;
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
