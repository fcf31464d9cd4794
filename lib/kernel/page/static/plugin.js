// @ts-check
/** @import { App, Lab, NotebookPanel, Signal } from "../jupyterlab.ts" */

import { describeImages } from "./describing.js";
import { Recovery } from "./recovery.js";
import { createSaver, saveInTurn } from "./saving.js";
import { Sync } from "./sync.js";

/**
 * The plugin: it saves a notebook when one of its cells begins, shows what its cells
 * have done while the page was away, gets the kernel back from a server that was begun
 * again, and gives images their alternative texts.
 *
 * @param {Lab} lab What JupyterLab shares.
 */
export function createPlugin(lab) {
  return {
    id: "immersic:plugin",
    autoStart: true,
    requires: [lab.INotebookTracker],
    optional: [lab.IDocumentManager],
    /**
     * @param {App} app
     * @param {{
     *   widgetAdded: Signal<unknown, NotebookPanel>,
     *   forEach(each: (panel: NotebookPanel) => void): void,
     *   find(test: (panel: NotebookPanel) => boolean): NotebookPanel | undefined,
     * }} tracker
     * @param {{ readonly autosave: boolean } | null} documents
     */
    activate(app, tracker, documents) {
      const recovery = new Recovery(app, lab);
      const open = (/** @type {NotebookPanel} */ panel) => {
        describeImages(panel);
        saveInTurn(panel.context);
        follow(panel, recovery, lab);
      };
      tracker.widgetAdded.connect((_, panel) => open(panel));
      tracker.forEach(open);

      const save = createSaver();
      lab.NotebookActions.executionScheduled.connect((_, { notebook }) => {
        const panel = tracker.find((one) => one.content === notebook);
        if (panel && documents?.autosave !== false) save(panel.context);
      });
    },
  };
}

/**
 * Follows a notebook's connection to its kernel.
 *
 * @param {NotebookPanel} panel
 * @param {Recovery} recovery
 * @param {Lab} lab
 */
async function follow(panel, recovery, lab) {
  const { context, sessionContext } = panel;
  await context.ready;
  await sessionContext.ready;
  if (panel.isDisposed) return;
  const sync = new Sync(panel, lab);
  const changed = () => {
    const kernel = sessionContext.session?.kernel;
    if (kernel?.connectionStatus === "connected") {
      recovery.remember(panel, kernel.name);
      sync.with(kernel);
    } else recovery.lost(panel);
  };
  sessionContext.connectionStatusChanged.connect(changed);
  sessionContext.kernelChanged.connect(changed);
  const name = sessionContext.session?.kernel?.name;
  if (name) recovery.remember(panel, name);
  changed();
}
