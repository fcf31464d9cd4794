// @ts-check
/** @import { Future, Message } from "../jupyterlab.ts" */

const nothing = () => {};

/**
 * In an output area, stands for a request that another page sent: JupyterLab's own
 * futures belong to requests of this page.
 *
 * @implements {Future}
 */
export class Rejoined {
  isDisposed = false;
  onIOPub = /** @type {(message: Message) => unknown} */ (nothing);
  onReply = /** @type {(message: Message) => unknown} */ (nothing);
  onStdin = /** @type {(message: Message) => unknown} */ (nothing);
  /** Tells that the cell has ended. */
  end = nothing;
  /** @type {Promise<void>} */
  done = new Promise((resolve) => {
    this.end = resolve;
  });

  /** @param {string} id Id of the request. */
  constructor(id) {
    this.msg = { header: { msg_id: id } };
  }

  dispose() {
    this.isDisposed = true;
    this.end();
  }

  registerMessageHook = nothing;
  removeMessageHook = nothing;
  sendInputReply = nothing;
}
