// @ts-check
/** @import { App, Lab, NotebookPanel } from "../jupyterlab.ts" */

/** Time between two questions to the server. */
const ASK_MILLISECONDS = 1000;
/** Longest time until JupyterLab shows the next dialog, once one is closed. */
const DIALOG_MILLISECONDS = 200;
/** How often to look after notebooks, while the server answers, before giving up. */
const MOST_TRIALS = 300;

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
  /** The kernel that each notebook had last, and when its server was started. */
  #homes =
    /** @type {Map<NotebookPanel, { name: string, server?: string }>} */ (
      new Map()
    );
  /** Notebooks without connection. */
  #lost = /** @type {Set<NotebookPanel>} */ (new Set());
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
    app.serviceManager.connectionFailure.connect(() => {
      this.#failed = true;
      this.#start();
    });
  }

  /**
   * Remembers the kernel of a notebook and its server.
   *
   * @param {NotebookPanel} panel
   * @param {string} name Name of its kernel.
   */
  async remember(panel, name) {
    const server = await this.#ask();
    if (server !== undefined) this.#homes.set(panel, { name, server });
  }

  /**
   * Takes charge of a notebook whose connection to its kernel is lost.
   *
   * @param {NotebookPanel} panel
   */
  lost(panel) {
    this.#lost.add(panel);
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
        const isBack = away || this.#failed;
        this.#failed = false;
        for (const panel of this.#lost) {
          const done = await this.#mend(panel, server, away);
          if (!done) refused++;
          if (done || refused > MOST_TRIALS) this.#lost.delete(panel);
        }
        away = false;
        if (isBack) await this.#closeBoxes();
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_MILLISECONDS));
    }
  }

  /**
   * Closes the dialogs that are no longer true, which JupyterLab shows one after the
   * other, and saves the notebooks that could not be saved.
   */
  async #closeBoxes() {
    for (let round = 0; round < 4; round++) {
      await new Promise((resolve) => setTimeout(resolve, DIALOG_MILLISECONDS));
      closeDialogs(this.#lab, "Server Connection Error");
      for (const panel of this.#homes.keys()) {
        const { context, isDisposed } = panel;
        if (isDisposed) this.#homes.delete(panel);
        const { file } = placeOf(context.path);
        if (closeDialogs(this.#lab, "File Save Error for %1", file)) {
          context.save().catch(() => {});
        }
      }
    }
  }

  /**
   * Does what can be done now for a notebook without connection.
   *
   * @param {NotebookPanel} panel
   * @param {string} server When the server that answers was started.
   * @param {boolean} away Whether it did not answer before.
   * @returns Whether nothing is left to do.
   */
  async #mend(panel, server, away) {
    const kernel = panel.sessionContext.session?.kernel;
    const home = this.#homes.get(panel);
    if (panel.isDisposed || kernel?.connectionStatus === "connected") {
      return true;
    }
    if (home && home.server !== server) {
      if (await this.#revive(panel, home.name)) {
        // This server, too, may end before the kernel is connected.
        this.#homes.set(panel, { name: home.name, server });
      }
      return false;
    }
    if (!kernel || kernel.isDisposed) return true; // It was shut down.
    if (away) kernel.reconnect().catch(() => {});
    return false;
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
      return /** @type {string} */ ((await response.json()).started);
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
      // A trial that broke off may have left a session under another path, which
      // JupyterLab gives it at first.
      const { folder, file } = placeOf(sessionContext.path);
      const running = [...sessions.running()].find(({ path, name, kernel }) =>
        kernel && (path === sessionContext.path ||
          name === file && placeOf(path).folder === folder)
      );
      const id = running?.kernel?.id;
      await sessionContext.changeKernel(id ? { id } : { name });
      // Of a trial before.
      closeDialogs(this.#lab, "Error Starting Kernel");
      return true;
    } catch {
      return false;
    }
  }
}

/**
 * The folder and the file of a path.
 *
 * @param {string} path
 */
function placeOf(path) {
  const cut = path.lastIndexOf("/") + 1;
  return { folder: path.slice(0, cut), file: path.slice(cut) };
}

/**
 * Closes dialogs that are no longer true.
 *
 * @param {Lab} lab
 * @param {string} title Their title in English.
 * @param {string[]} words What stands in it for %1.
 * @returns Whether there were any.
 */
function closeDialogs({ Dialog }, title, ...words) {
  const shown = Dialog.translator.load("jupyterlab").__(title, ...words);
  /** @type {import("../jupyterlab.ts").Dialog[]} */
  const found = [];
  Dialog.tracker.forEach((dialog) => {
    const header = dialog.node.querySelector(".jp-Dialog-header");
    if (header?.textContent?.trim() === shown) found.push(dialog);
  });
  for (const dialog of found) dialog.reject();
  return found.length > 0;
}
