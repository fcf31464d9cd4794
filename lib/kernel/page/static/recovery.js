// @ts-check
/** @import { App, Lab, NotebookPanel } from "../jupyterlab.ts" */

/** Time between two questions to the server. */
const ASK_MILLISECONDS = 1000;
/** How long a new server may refuse to start a kernel before we give up. */
const REFUSED_MILLISECONDS = 120_000;

/**
 * Brings back the connection to a server that was away. If it is the same server,
 * JupyterLab connects again by itself, but only after a wait of up to a minute: this
 * shortens the wait. If it is another one, which does not know the kernel, the kernel
 * is asked for again: the relay of one that outlived the first server (rejoin.py)
 * then hands it over, with its variables.
 *
 * A kernel that was shut down stays so: then the server is the same.
 */
export class Recovery {
  #app;
  #lab;
  /** When the server was started, or undefined before it first answered. */
  #server = /** @type {string | undefined} */ (undefined);
  /** Notebooks without connection: the kernel's name and the server they had. */
  #lost =
    /** @type {Map<NotebookPanel, { name: string, server: string | undefined }>} */ (
      new Map()
    );
  /** Whether JupyterLab has found that the server does not answer. */
  #failed = false;
  #running = false;

  /**
   * @param {App} app
   * @param {Lab} lab
   */
  constructor(app, lab) {
    this.#app = app;
    this.#lab = lab;
    this.#ask();
    app.serviceManager.connectionFailure.connect(() => {
      this.#failed = true;
      this.#start();
    });
  }

  /**
   * Takes charge of a notebook whose connection to its kernel is lost.
   *
   * @param {NotebookPanel} panel
   * @param {string} name Name of its kernel.
   */
  lost(panel, name) {
    if (!this.#lost.has(panel)) {
      this.#lost.set(panel, { name, server: this.#server });
    }
    this.#start();
  }

  #start() {
    if (this.#running) return;
    this.#running = true;
    this.#run().finally(() => this.#running = false);
  }

  async #run() {
    let away = false;
    let refused = 0;
    while (this.#failed || this.#lost.size > 0) {
      const server = await this.#ask();
      if (server === undefined) away = true;
      else {
        if (away || this.#failed) {
          closeDialogs(this.#lab, "Server Connection Error");
        }
        this.#failed = false;
        for (const [panel, { name, server: earlier }] of this.#lost) {
          const { sessionContext } = panel;
          const kernel = sessionContext.session?.kernel;
          if (
            panel.isDisposed || kernel?.connectionStatus === "connected" ||
            refused > REFUSED_MILLISECONDS / ASK_MILLISECONDS
          ) {
            this.#lost.delete(panel);
          } else if (earlier !== undefined && earlier !== server) {
            if (await this.#revive(panel, name)) this.#lost.delete(panel);
            else refused++;
          } else if (!kernel || kernel.isDisposed) {
            this.#lost.delete(panel); // It was shut down.
          } else if (away) {
            kernel.reconnect().catch(() => {});
          }
        }
        away = false;
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_MILLISECONDS));
    }
  }

  /** When the server was started, or undefined if it does not answer. */
  async #ask() {
    const { serverSettings } = this.#app.serviceManager;
    try {
      const response = await this.#lab.ServerConnection.makeRequest(
        `${serverSettings.baseUrl}api/status`,
        {},
        serverSettings,
      );
      if (!response.ok) return undefined;
      this.#server = /** @type {string} */ ((await response.json()).started);
      return this.#server;
    } catch {
      return undefined;
    }
  }

  /**
   * Asks a new server for a notebook's kernel.
   *
   * @param {NotebookPanel} panel
   * @param {string} name
   * @returns Whether it has it.
   */
  async #revive({ sessionContext }, name) {
    const { sessions } = this.#app.serviceManager;
    try {
      // Makes JupyterLab forget sessions that this server does not have.
      await sessions.refreshRunning();
      const running = [...sessions.running()].find(({ path, kernel }) =>
        path === sessionContext.path && kernel
      );
      const id = running?.kernel?.id;
      await sessionContext.changeKernel(id ? { id } : { name });
      return true;
    } catch {
      closeDialogs(this.#lab, "Error Starting Kernel");
      return false;
    }
  }
}

/**
 * Closes dialogs that are no longer true.
 *
 * @param {Lab} lab
 * @param {string} title Their title in English.
 */
function closeDialogs({ Dialog }, title) {
  const shown = Dialog.translator.load("jupyterlab").__(title);
  /** @type {import("../jupyterlab.ts").Dialog[]} */
  const found = [];
  Dialog.tracker.forEach((dialog) => {
    const header = dialog.node.querySelector(".jp-Dialog-header");
    if (header?.textContent?.trim() === shown) found.push(dialog);
  });
  for (const dialog of found) dialog.reject();
}
