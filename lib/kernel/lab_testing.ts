// deno-lint-ignore-file no-console -- set-up may take a minute and reports it
/** JupyterLab and a Chromium that shows it, for browser tests. */

import type { Browser, Page } from "playwright-core";
import { findChromium, launchChromium } from "./chromium_testing.ts";
import { labCommand } from "./lab.ts";
import { join } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";
import { setUp } from "../tools/tools.ts";

/** A code cell in JupyterLab's model of a notebook. */
export interface LabCell {
  readonly source: string;
  // deno-lint-ignore camelcase -- a field of the notebook format
  readonly execution_count: number | null;
  // deno-lint-ignore no-explicit-any -- every kind of output has its own fields
  readonly outputs: readonly any[];
}

/** A notebook of code cells, for a test. */
export function testNotebook(cells: readonly string[]): string {
  return JSON.stringify({
    cells: cells.map((source, index) => ({
      id: `cell-${index + 1}`,
      cell_type: "code",
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    })),
    metadata: {
      kernelspec: {
        display_name: "Deno",
        language: "typescript",
        name: "deno",
      },
    },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

/** JupyterLab on a folder, and a browser. */
export class TestLab implements AsyncDisposable {
  #server: Deno.ChildProcess;
  readonly #command: Deno.Command;
  readonly #browser: Browser;
  readonly #port: number;
  readonly #token: string;

  private constructor(
    place: { command: Deno.Command; port: number; token: string },
    browser: Browser,
  ) {
    this.#command = place.command;
    this.#port = place.port;
    this.#token = place.token;
    this.#server = this.#command.spawn();
    this.#browser = browser;
  }

  /**
   * Starts JupyterLab and the browser.
   *
   * @param root Folder that JupyterLab serves.
   * @param executablePath See {@linkcode findChromium}.
   */
  static async start(root: string, executablePath: string): Promise<TestLab> {
    const port = freePort();
    const token = crypto.randomUUID();
    const { python, environment } = await setUp(console.error);
    // All processes inherit the token, which tells them from others'.
    const marked = { ...environment, IMMERSIC_TEST_LAB: token };
    const command = labCommand({ python, environment: marked }, root, [
      ...["--no-browser", `--port=${port}`, "--ServerApp.port_retries=0"],
      ...[`--IdentityProvider.token=${token}`, "--log-level=ERROR"],
      // Lets tests read all cells; the page itself contains only visible ones.
      "--LabApp.expose_app_in_browser=True",
    ]);
    const browser = await launchChromium(executablePath);
    const lab = new TestLab({ command, port, token }, browser);
    await lab.#answers();
    return lab;
  }

  /** Opens a notebook in a new page and waits for its kernel. */
  async open(path: string): Promise<LabPage> {
    const notebook = await this.visit(path);
    await waitFor("the kernel", 120, () => notebook.ready());
    return notebook;
  }

  /** Opens a notebook in a new page, whatever its kernel does. */
  async visit(path: string): Promise<LabPage> {
    const page = await this.#browser.newPage({
      viewport: { width: 1280, height: 1600 },
    });
    await page.goto(`${this.#url(`lab/tree/${path}`)}&reset`);
    return new LabPage(page);
  }

  /** An empty page, without JupyterLab. */
  async page(): Promise<Page> {
    return await this.#browser.newPage();
  }

  /** Ends the server as a power cut would: it cannot end its kernels. */
  async kill(): Promise<void> {
    this.#server.kill("SIGKILL");
    await this.#server.status;
  }

  /** Begins the server again at the same address. */
  async again(): Promise<void> {
    this.#server = this.#command.spawn();
    await this.#answers();
  }

  /** Ids of the processes of all kernels. Only on Linux; elsewhere there seem to be none. */
  kernels(): number[] {
    if (Deno.build.os !== "linux") return [];
    return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name))
      .filter((pid) => {
        try {
          const read = (file: string) =>
            Deno.readTextFileSync(`/proc/${pid}/${file}`);
          return /relay\.py|jupyter\0--/.test(read("cmdline")) &&
            read("environ").includes(this.#token);
        } catch {
          return false; // no process, or not ours
        }
      });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    this.#server.kill("SIGTERM");
    await this.#server.status;
  }

  #url(path: string): string {
    return `http://localhost:${this.#port}/${path}?token=${this.#token}`;
  }

  async #answers(): Promise<void> {
    // On a busy machine it takes minutes to start.
    await waitFor("JupyterLab to answer", 300, async () => {
      const response = await fetch(this.#url("api/status"))
        .catch(() => undefined);
      await response?.body?.cancel();
      return response?.ok;
    });
  }
}

/** A notebook open in JupyterLab. */
export class LabPage implements AsyncDisposable {
  constructor(readonly page: Page) {}

  /** Ends the kernel and closes the page. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.evaluate(async () => {
      // deno-lint-ignore no-explicit-any -- JupyterLab's own object
      await (globalThis as any).jupyterapp.shell.currentWidget.sessionContext
        .shutdown();
    });
    await this.page.close();
  }

  /** Chooses an entry of JupyterLab's menus. */
  async choose(menu: string, entry: string): Promise<void> {
    await this.page.getByRole("menuitem", { name: menu, exact: true }).click();
    await this.page.getByRole("menuitem", { name: entry, exact: true }).click();
  }

  /** Runs all cells from JupyterLab's menu, without waiting for them. */
  async runAll(): Promise<void> {
    await this.choose("Run", "Run All Cells");
  }

  /** Brings a cell into view, counted from 0 among all cells. */
  async scrollTo(cell: number): Promise<void> {
    // Cells get their height only when they come into view, so scroll twice.
    for (let i = 0; i < 2; i++) {
      await this.page.evaluate((cell) => {
        // deno-lint-ignore no-explicit-any -- JupyterLab's own object
        const { shell } = (globalThis as any).jupyterapp;
        shell.currentWidget.content.widgets[cell].node.scrollIntoView();
      }, cell);
      await this.page.waitForTimeout(50);
    }
  }

  /** Replaces the code of a code cell, counted from 1. */
  async edit(cell: number, source: string): Promise<void> {
    await this.page.evaluate(([cell, source]) => {
      // deno-lint-ignore no-explicit-any -- JupyterLab's own object
      const { content } = (globalThis as any).jupyterapp.shell.currentWidget;
      content.widgets
        .filter(({ model }: { model: { type: string } }) =>
          model.type === "code"
        )[Number(cell) - 1].model.sharedModel.setSource(source);
    }, [String(cell), source]);
  }

  /** Runs one code cell, counted from 1, without waiting for its end. */
  async run(cell: number): Promise<void> {
    const count = async () =>
      codeCell(await this.cells(), cell).execution_count;
    const before = await count();
    await this.page.evaluate((cell) => {
      // deno-lint-ignore no-explicit-any -- JupyterLab's own object
      const { commands, shell } = (globalThis as any).jupyterapp;
      const { content } = shell.currentWidget;
      let code = 0;
      content.deselectAll();
      content.activeCellIndex = content.widgets.findIndex(
        ({ model }: { model: { type: string } }) =>
          model.type === "code" && ++code === cell,
      );
      commands.execute("notebook:run-cell");
    }, cell);
    // Before the cell starts, the page looks idle.
    await waitFor(`cell ${cell} to start`, 10, async () => {
      return await count() !== before || await this.busy();
    });
  }

  /** Presses the button that interrupts the kernel. */
  async stop(): Promise<void> {
    await this.page.locator('[data-command="notebook:interrupt-kernel"]')
      .click();
  }

  /** The code cells as they are now. */
  async cells(): Promise<LabCell[]> {
    return await this.page.evaluate(() => {
      // deno-lint-ignore no-explicit-any -- JupyterLab's own object
      const { content } = (globalThis as any).jupyterapp.shell.currentWidget;
      return content.model.toJSON().cells
        .filter((cell: { cell_type: string }) => cell.cell_type === "code");
    });
  }

  /** Status of the kernel, or of the connection to it; undefined without a kernel. */
  async kernel(): Promise<string | undefined> {
    return await this.page.evaluate(() => {
      // deno-lint-ignore no-explicit-any -- JupyterLab's own object
      const widget = (globalThis as any).jupyterapp?.shell.currentWidget;
      const { connectionStatus, status } =
        widget?.sessionContext?.session?.kernel ?? {};
      return connectionStatus === "connected" ? status : connectionStatus;
    }).catch(() => undefined); // a page that is being loaded
  }

  /** Whether the notebook is open and its kernel idle. */
  async ready(): Promise<boolean> {
    return await this.kernel() === "idle";
  }

  /** Whether any cell runs or waits to run. */
  async busy(): Promise<boolean> {
    return await this.page.evaluate(() => {
      // deno-lint-ignore no-explicit-any -- JupyterLab's own object
      const { content } = (globalThis as any).jupyterapp.shell.currentWidget;
      return content.widgets.some(
        (cell: { model: { executionState?: string } }) =>
          cell.model.executionState === "running",
      );
    });
  }

  /** Waits until no cell has been running for a moment. */
  async idle(limitSeconds = 60): Promise<void> {
    // Between a key press and the start of its cell the page looks idle too.
    let quiet = 0;
    await waitFor("the cells to end", limitSeconds, async () => {
      quiet = await this.busy() ? 0 : quiet + 1;
      return quiet > 5;
    });
  }
}

/**
 * A code cell.
 *
 * @param number Counted from 1.
 * @throws {RangeError} If there is none.
 */
export function codeCell(cells: readonly LabCell[], number: number): LabCell {
  const cell = cells[number - 1];
  if (cell) return cell;
  throw new RangeError(
    `Cannot find code cell ${number}: there are ${cells.length}.`,
  );
}

/** Everything that a cell printed, as one text. */
export function printed(cell: LabCell): string {
  return cell.outputs.filter((output) => output.output_type === "stream")
    .map((output) => [output.text].flat().join("")).join("");
}

/**
 * Waits for a condition.
 *
 * @throws {Error} If it is not true in time.
 */
export async function waitFor(
  what: string,
  limitSeconds: number,
  condition: () => Promise<unknown> | unknown,
): Promise<void> {
  const end = performance.now() + limitSeconds * 1000;
  while (!await condition()) {
    if (performance.now() > end) {
      throw new Error(`Waited ${limitSeconds} s for ${what}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/**
 * Tests in JupyterLab and a browser. They are skipped, with a warning, where there is
 * no browser.
 */
export class BrowserTests {
  readonly #chromium = findChromium();
  #folder = "";
  #lab: TestLab | undefined;

  /**
   * Starts JupyterLab before the tests of a file, and ends it after them.
   *
   * @param prepare Fills the folder that JupyterLab serves.
   */
  constructor(prepare?: (folder: string) => Promise<unknown>) {
    const chromium = this.#chromium;
    if (!chromium) {
      console.warn(
        "Browser tests are skipped: no Chromium or Chrome was found. Install one, on Debian with: apt-get install chromium",
      );
      return;
    }
    Deno.test.beforeAll(async () => {
      // Beside notebooks/, so that imports and paths work as they do there.
      this.#folder = await Deno.makeTempDir({
        dir: PROJECT_FOLDER,
        prefix: ".browser-test-",
      });
      await prepare?.(this.#folder);
      this.#lab = await TestLab.start(this.#folder, chromium);
    });
    Deno.test.afterAll(async () => {
      await this.#lab?.[Symbol.asyncDispose]();
      await Deno.remove(this.#folder, { recursive: true });
    });
  }

  /** The folder that JupyterLab serves. Only within a test. */
  get folder(): string {
    return this.#folder;
  }

  /** JupyterLab and the browser. Only within a test. */
  get lab(): TestLab {
    return this.#lab!;
  }

  /** Adds a test, for which the ones before may have left files. */
  test(name: string, body: () => Promise<void>): void {
    Deno.test({
      name,
      ignore: !this.#chromium,
      // Playwright keeps timers and streams of its own.
      sanitizeOps: false,
      sanitizeResources: false,
      fn: body,
    });
  }

  /** Adds a test with a notebook of these code cells, open in JupyterLab. */
  testNotebook(
    name: string,
    cells: readonly string[],
    body: (notebook: LabPage) => Promise<void>,
  ): void {
    this.test(name, async () => {
      const file = `${crypto.randomUUID()}.ipynb`;
      await Deno.writeTextFile(join(this.#folder, file), testNotebook(cells));
      await using notebook = await this.lab.open(file);
      await body(notebook);
    });
  }
}
