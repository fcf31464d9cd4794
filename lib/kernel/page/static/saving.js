// @ts-check
/** @import { Context } from "../jupyterlab.ts" */

/**
 * Returns a function that saves a notebook in a moment, so that whatever is lost
 * after it, the file has the cells as they were run. Calls during a save are
 * answered by one more.
 */
export function createSaver() {
  /** @type {WeakMap<Context, "saving" | "again">} */
  const states = new WeakMap();
  return async (/** @type {Context} */ context) => {
    const kernel = context.sessionContext.session?.kernel;
    if (!context.canSave || kernel?.connectionStatus !== "connected") return;
    if (states.has(context)) {
      states.set(context, "again");
      return;
    }
    try {
      do {
        states.set(context, "saving");
        // Later in this turn of the event loop the cells are marked as running.
        await new Promise((resolve) => setTimeout(resolve));
        if (!context.isDisposed) await context.save();
      } while (states.get(context) === "again");
    } catch {
      // JupyterLab has shown a dialog that says why.
    } finally {
      states.delete(context);
    }
  };
}

/**
 * Lets a notebook's saves run one after another, whoever asks for them. JupyterLab's own
 * may overlap: the second then finds the file newer than it knows, and asks whether to
 * overwrite what another program has changed.
 *
 * @param {Context} context
 */
export function saveInTurn(context) {
  const save = context.save.bind(context);
  let last = Promise.resolve();
  context.save = () => {
    const next = last.then(save);
    last = next.catch(() => {});
    return next;
  };
}
