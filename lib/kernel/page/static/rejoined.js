// @ts-check
/** @import { Future, Kernel, Message } from "../jupyterlab.ts" */

const nothing = () => {};

/**
 * In an output area, stands for a request that another page sent: JupyterLab's own
 * futures belong to requests of this page.
 *
 * @implements {Future}
 */
export class Rejoined {
  isDisposed = false;
  /** Whether the kernel, or its journal, has told of the end. */
  heardEnd = false;
  onIOPub = /** @type {(message: Message) => unknown} */ (nothing);
  onReply = /** @type {(message: Message) => unknown} */ (nothing);
  onStdin = /** @type {(message: Message) => unknown} */ (nothing);
  /** Tells that the cell has ended. */
  end = nothing;
  /** @type {Promise<void>} */
  done = new Promise((resolve) => {
    this.end = resolve;
  });

  #kernel;

  /**
   * @param {string} id Id of the request.
   * @param {Kernel} kernel
   */
  constructor(id, kernel) {
    this.msg = { header: { msg_id: id } };
    this.#kernel = kernel;
  }

  dispose() {
    this.isDisposed = true;
    this.end();
  }

  registerMessageHook = nothing;
  removeMessageHook = nothing;

  /**
   * Answers a question of the cell's code.
   *
   * @param {unknown} content
   * @param {unknown} parent Header of the question.
   */
  sendInputReply(content, parent) {
    this.#kernel.sendInputReply(content, parent);
  }
}
