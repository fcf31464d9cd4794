// @ts-check
/** @import { Kernel, Lab, Message, NotebookPanel } from "../jupyterlab.ts" */
/** @import { Entry } from "./following.js" */

import { Following } from "./following.js";

/** Keeps a notebook's cells as the journal of its kernel has them. */
export class Sync {
  #panel;
  #lab;
  /** Stops following the kernel of before. */
  #leave = () => {};

  /**
   * @param {NotebookPanel} panel
   * @param {Lab} lab
   */
  constructor(panel, lab) {
    this.#panel = panel;
    this.#lab = lab;
  }

  /**
   * Asks a kernel for its journal, shows it, and goes on with what comes later.
   *
   * @param {Kernel} kernel
   */
  async with(kernel) {
    this.#leave();
    let left = false;
    /** @type {Map<string, Following>} */
    const followed = new Map();
    /** @type {Message[] | undefined} Messages after the snapshot, before its arrival. */
    let later;
    let applied = false;
    const request = this.#lab.KernelMessage.createMessage({
      msgType: "immersic_journal_request",
      channel: "shell",
      session: kernel.clientId,
      username: kernel.username,
      content: {},
    });
    const hear = (/** @type {unknown} */ _, /** @type {Message} */ message) => {
      if (applied) pass(message, followed);
      else if (later) later.push(message);
      else if (
        message.parent_header.msg_id === request.header.msg_id &&
        message.content.execution_state === "idle"
      ) later = [];
    };
    /** @type {Message | undefined} A question that came before the journal. */
    let question;
    const heed = (
      /** @type {unknown} */ _,
      /** @type {{ msg: Message, direction: string }} */ { msg, direction },
    ) => {
      if (direction !== "recv" || msg.header.msg_type !== "input_request") {
        return;
      }
      if (applied) pass(msg, followed);
      else question = msg;
    };
    const changed = (
      /** @type {unknown} */ _,
      /** @type {string} */ status,
    ) => {
      if (!/restarting|dead/.test(status)) return;
      for (const one of followed.values()) one.abandon();
      this.#leave();
    };
    kernel.iopubMessage.connect(hear);
    kernel.anyMessage.connect(heed);
    kernel.statusChanged.connect(changed);
    this.#leave = () => {
      left = true;
      kernel.iopubMessage.disconnect(hear);
      kernel.anyMessage.disconnect(heed);
      kernel.statusChanged.disconnect(changed);
    };
    if (!/** @type {any} */ ((await kernel.spec)?.metadata)?.immersic) return;
    if (left) return;
    const reply = await kernel.sendShellMessage(request, true).done
      .catch(() => undefined); // The connection broke again.
    if (left || !reply || this.#panel.isDisposed) return;
    const found = await this.#find(kernel, reply.content.cells);
    if (left || this.#panel.isDisposed) return;
    for (const [id, following] of found) followed.set(id, following);
    this.#show(followed, later ?? []);
    applied = true;
    question ??= /** @type {Message | null} */ (reply.content.question) ??
      undefined;
    if (question) {
      followed.get(question.parent_header.msg_id ?? "")?.ask(question);
    }
  }

  /**
   * The cells of the notebook that the journal has, each with its entry.
   *
   * @param {Kernel} kernel
   * @param {Entry[]} entries
   */
  async #find(kernel, entries) {
    const { widgets } = this.#panel.content;
    /** @type {[string, Following][]} */
    const found = [];
    for (const entry of entries) {
      const cell = widgets.find(({ model }) =>
        model.type === "code" && model.id === entry.cell
      );
      if (!cell) continue;
      found.push([entry.id, await Following.of(cell, entry, kernel)]);
    }
    return found;
  }

  /**
   * @param {ReadonlyMap<string, Following>} followed
   * @param {Message[]} later Messages after the journal.
   */
  #show(followed, later) {
    const { model, contentsModel } = this.#panel.context;
    const dirty = model.dirty;
    const saved = Date.parse(contentsModel?.last_modified ?? "") / 1000;
    let changed = false;
    for (const following of followed.values()) {
      changed = following.begin(saved, later) || changed;
    }
    for (const message of later) pass(message, followed);
    if (!changed) model.dirty = dirty;
  }
}

/**
 * Gives a message to the cell that it belongs to, or an update to all.
 *
 * @param {Message} message
 * @param {ReadonlyMap<string, Following>} followed
 */
function pass(message, followed) {
  if (message.header.msg_type === "update_display_data") {
    for (const one of followed.values()) one.output(message);
    return;
  }
  const one = followed.get(message.parent_header.msg_id ?? "");
  one?.hear(message);
}
