// @ts-check
/**
 * What JupyterLab loads of this extension, in the form that it asks for: a script
 * that registers a container of modules. It needs no build step: the modules are
 * those of this folder, and what JupyterLab shares comes from `scope`.
 */
{
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const plugin = new URL("plugin.js", script.src).href;
  /** @type {Record<string, Record<string, { get(): Promise<() => object> }>>} */
  let shared = {};

  /**
   * A module that JupyterLab shares with its extensions.
   *
   * @param {string} name
   */
  const load = async (name) => {
    const [version] = Object.values(shared[name] ?? {});
    if (!version) throw new Error(`JupyterLab does not share ${name}.`);
    return (await version.get())();
  };

  const page = /** @type {any} */ (globalThis);
  page._JUPYTERLAB ??= {};
  page._JUPYTERLAB.immersic = {
    init(/** @type {typeof shared} */ scope) {
      shared = scope;
    },
    async get() {
      const [{ createPlugin }, apputils, docmanager, notebook, services] =
        await Promise.all([
          import(plugin),
          load("@jupyterlab/apputils"),
          load("@jupyterlab/docmanager"),
          load("@jupyterlab/notebook"),
          load("@jupyterlab/services"),
        ]);
      const lab = { ...apputils, ...docmanager, ...notebook, ...services };
      return () => ({ __esModule: true, default: createPlugin(lab) });
    },
  };
}
