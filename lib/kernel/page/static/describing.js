// @ts-check
/** @import { NotebookPanel } from "../jupyterlab.ts" */

/**
 * Gives the images in a notebook's outputs an alternative text: JupyterLab shows an
 * image without one, though the output has its text beside it.
 *
 * @param {NotebookPanel} panel
 */
export function describeImages(panel) {
  const describe = () => {
    const images = /** @type {NodeListOf<HTMLElement>} */ (panel.node
      .querySelectorAll(".jp-OutputArea-child img:not([alt])"));
    for (const image of images) {
      image.setAttribute("alt", textOf(panel, image));
    }
  };
  const observer = new MutationObserver(describe);
  observer.observe(panel.node, { childList: true, subtree: true });
  panel.disposed.connect(() => observer.disconnect());
  describe();
}

/**
 * The text of the output that an image belongs to; "" if it has none.
 *
 * @param {NotebookPanel} panel
 * @param {HTMLElement} image
 */
function textOf(panel, image) {
  const child = image.closest(".jp-OutputArea-child");
  const area = child?.parentElement;
  const cell = panel.content.widgets.find(({ outputArea }) =>
    area && outputArea?.node === area
  );
  if (!cell || !child || !area) return "";
  const output = cell.model.outputs.get([...area.children].indexOf(child));
  return String(output?.data["text/plain"] ?? "");
}
