/**
 * Sets up the project: npm packages in Deno's cache, JupyterLab in a private `.venv`,
 * and the Deno kernel registered there. It reads and writes nothing outside the
 * project's folder and the package managers' caches, so a user's own Jupyter and its
 * kernels do not matter.
 *
 * Every task that needs this calls it first. It keeps what is already there.
 */

import { join, toFileUrl } from "@std/path";
import { PROJECT_FOLDER, writeFileAtomically } from "../base/base.ts";

const KERNEL_FOLDER = join(PROJECT_FOLDER, "lib", "kernel");
/** The module that the Deno kernel runs before the first cell. */
const BOOTSTRAP = join(PROJECT_FOLDER, "lib", "notebook", "bootstrap.ts");
/** The extension of JupyterLab's page. */
const PAGE_FOLDER = join(KERNEL_FOLDER, "page");
const VENV_FOLDER = join(PROJECT_FOLDER, ".venv");
const JUPYTER_FOLDER = join(PROJECT_FOLDER, ".jupyter");
const WINDOWS = Deno.build.os === "windows";

/** What a set-up project runs notebooks with. */
export interface Workbench {
  /** Path of the private Python, which has JupyterLab and nbclient. */
  readonly python: string;
  /** Variables that keep Jupyter inside the project. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The {@linkcode Workbench} of this project, which {@linkcode setUp} installs.
 */
export const WORKBENCH: Workbench = {
  python: WINDOWS
    ? join(VENV_FOLDER, "Scripts", "python.exe")
    : join(VENV_FOLDER, "bin", "python"),
  environment: {
    JUPYTER_CONFIG_DIR: join(JUPYTER_FOLDER, "config"),
    JUPYTER_DATA_DIR: join(JUPYTER_FOLDER, "data"),
    JUPYTER_RUNTIME_DIR: join(JUPYTER_FOLDER, "runtime"),
    JUPYTER_PATH: join(VENV_FOLDER, "share", "jupyter"),
    JUPYTER_PREFER_ENV_PATH: "1",
    IPYTHONDIR: join(JUPYTER_FOLDER, "ipython"),
    // Keeps out packages and settings of other Pythons.
    PYTHONNOUSERSITE: "1",
    PYTHONPATH: "",
    PYTHONUTF8: "1",
  },
};

/** Something that the user must install or mend; the message says what. */
export class SetupError extends Error {
  /** Name of the class. */
  override name = "SetupError";
}

/**
 * Checks what the notebooks run on, and installs what is missing.
 *
 * @param report Called with a line before each step that takes time.
 * @returns Where it is.
 * @throws {SetupError} If Deno, Node or Python is missing or too old, or a
 * package manager failed.
 */
export async function setUp(
  report: (line: string) => void,
): Promise<Workbench> {
  checkVersions(Deno.version.deno, Deno.env.get("npm_config_user_agent"));
  await cachePackages();
  const requirements = await Deno.readTextFile(
    join(KERNEL_FOLDER, "requirements.txt"),
  );
  // A venv contains its own path and cannot be moved.
  const stamp = `${VENV_FOLDER}\n${requirements}`;
  const stampFile = join(VENV_FOLDER, "immersic-setup.txt");
  if (
    await readOrEmpty(stampFile) !== stamp || !await works(WORKBENCH.python)
  ) {
    const python = await findPython();
    report("Setting up JupyterLab in .venv (once, about a minute) …");
    const begun = performance.now();
    const still = setInterval(() => {
      const minutes = Math.floor((performance.now() - begun) / 60_000);
      report(`pip still downloads and installs its packages, ${minutes} min …`);
    }, 60_000);
    try {
      await installJupyter(python);
    } finally {
      clearInterval(still);
    }
    await writeFileAtomically(stampFile, stamp);
  }
  await registerKernel();
  await installPage();
  await configureExports();
  await Deno.mkdir(JUPYTER_FOLDER, { recursive: true });
  return WORKBENCH;
}

/**
 * Checks that Deno, and Node if it runs `npx`, are new enough.
 *
 * @param deno Version of this Deno, such as "2.9.6".
 * @param npmAgent User agent of npm, such as "npm/10.8 node/v20.1 linux".
 * @throws {SetupError} If one is too old.
 */
export function checkVersions(deno: string, npmAgent = ""): void {
  if (!isAtLeast(deno, 2, 9)) {
    throw new SetupError(
      `Cannot set up: Deno 2.9 or newer is needed, current version is ${deno}. Run "deno upgrade", or put "npx -y deno@2.9.6" in place of "deno".`,
    );
  }
  const node = npmAgent.match(/\bnode\/v([\d.]+)/)?.[1];
  if (node && !isAtLeast(node, 20, 0)) {
    throw new SetupError(
      `Cannot set up: Node 20 or newer is needed, current version is ${node}. Install a newer one from nodejs.org.`,
    );
  }
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [theMajor = NaN, theMinor = NaN] = version.split(".").map(Number);
  return theMajor > major || (theMajor === major && theMinor >= minor);
}

/** Downloads the npm packages of deno.json that are not in the cache. */
async function cachePackages(): Promise<void> {
  await runOrExplain(
    Deno.execPath(),
    ["install", "--quiet", "--frozen"],
    "download npm packages",
  );
}

async function installJupyter(python: string): Promise<void> {
  try {
    await runOrExplain(
      python,
      ["-m", "venv", "--clear", VENV_FOLDER],
      "make .venv",
    );
  } catch (error) {
    // Python of Debian and Ubuntu comes without venv.
    const hint = /ensurepip|python3.*-venv/.test(String(error))
      ? ` Run "apt install python3-venv" first.`
      : "";
    throw new SetupError(`${(error as Error).message}${hint}`);
  }
  await runOrExplain(WORKBENCH.python, [
    ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check"],
    ...["--no-input", "-r", join(KERNEL_FOLDER, "requirements.txt")],
  ], "install JupyterLab");
}

/** Registers this Deno's kernel in `.venv`, behind the relay. */
async function registerKernel(): Promise<void> {
  const share = join(VENV_FOLDER, "share", "jupyter");
  await writeJson(join(share, "kernels", "deno", "kernel.json"), {
    argv: [
      WORKBENCH.python,
      join(KERNEL_FOLDER, "relay.py"),
      Deno.execPath(),
      toFileUrl(BOOTSTRAP).href,
      "{connection_file}",
    ],
    display_name: "Deno (Immersic)",
    language: "typescript",
    interrupt_mode: "message",
    // Tells the page extension that this kernel keeps a journal.
    metadata: { immersic: { journal: 1 } },
    env: { NO_COLOR: "1" },
  });
  // On first start JupyterLab would ask whether to fetch news.
  await writeJson(join(share, "lab", "settings", "overrides.json"), {
    "@jupyterlab/apputils-extension:notification": {
      checkForUpdates: false,
      fetchNews: "false",
    },
    "@jupyterlab/completer-extension:manager": {
      // Milliseconds to wait for what Tab offers; see lib/kernel/language.py.
      providerTimeout: 10_000,
      showDocumentationPanel: true,
    },
  });
}

/** Copies the extension of JupyterLab's page to where JupyterLab finds it. */
async function installPage(): Promise<void> {
  const installed = join(VENV_FOLDER, "share", "jupyter", "labextensions");
  const modules = [...Deno.readDirSync(join(PAGE_FOLDER, "static"))]
    .map(({ name }) => join("static", name));
  for (const file of ["package.json", ...modules]) {
    const text = await Deno.readTextFile(join(PAGE_FOLDER, file));
    await writeIfNew(join(installed, "immersic", file), text);
  }
}

/** Has nbconvert, and the exports of JupyterLab's menu, use `shared_html.py`. */
async function configureExports(): Promise<void> {
  const settings = [
    "import sys",
    `sys.path.append(${JSON.stringify(KERNEL_FOLDER)})`,
    'c.HTMLExporter.preprocessors = ["shared_html.SharedHtml"]',
    "",
  ].join("\n");
  for (const program of ["nbconvert", "server"]) {
    const file = `jupyter_${program}_config.py`;
    await writeIfNew(join(VENV_FOLDER, "etc", "jupyter", file), settings);
  }
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeIfNew(path, JSON.stringify(value, null, 1) + "\n");
}

async function writeIfNew(path: string, text: string): Promise<void> {
  if (await readOrEmpty(path) !== text) await writeFileAtomically(path, text);
}

/**
 * Finds a Python that is new enough.
 *
 * @param commands Commands to try, in this order. Default: the variable PYTHON, or else
 * the usual names.
 * @returns The first command whose Python is new enough.
 * @throws {SetupError} If there is none, with the versions that were found.
 */
export async function findPython(
  commands: readonly string[] = usualPythons(),
): Promise<string> {
  const found: string[] = [];
  for (const command of commands) {
    const version = await pythonVersion(command);
    if (version === undefined) continue;
    if (isAtLeast(version, 3, 10)) return command;
    found.push(`${command} is ${version}`);
  }
  throw new SetupError(
    `Cannot set up: Python 3.10 or newer is needed, ${
      found.length > 0 ? found.join(" and ") : "none was found"
    }. Install one from python.org, or name it in the variable PYTHON.`,
  );
}

function usualPythons(): string[] {
  const wish = Deno.env.get("PYTHON");
  return wish ? [wish] : ["python3", "python", "py"];
}

async function pythonVersion(python: string): Promise<string | undefined> {
  const code = "import platform; print(platform.python_version())";
  try {
    const { success, stdout } = await new Deno.Command(python, {
      args: ["-c", code],
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch {
    return undefined; // no such command
  }
}

/** Whether a private Python starts: the one it is based on may have been removed. */
async function works(python: string): Promise<boolean> {
  return await pythonVersion(python) !== undefined;
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return "";
  }
}

/**
 * Runs a command, whose last words of output become the error if it fails.
 *
 * @param purpose What it is for, after "Cannot".
 * @throws {SetupError} If it fails, or there is no such command.
 */
export async function runOrExplain(
  command: string,
  args: string[],
  purpose: string,
): Promise<void> {
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(command, {
      args,
      cwd: PROJECT_FOLDER,
      env: { PYTHONPATH: "", NO_COLOR: "1" },
    }).output();
  } catch (error) {
    throw new SetupError(`Cannot ${purpose}: ${(error as Error).message}`);
  }
  const { success, stdout, stderr } = output;
  if (success) return;
  const decoder = new TextDecoder();
  const words = `${decoder.decode(stdout)}\n${decoder.decode(stderr)}`.trim();
  throw new SetupError(
    `Cannot ${purpose}: ${words.split("\n").slice(-12).join("\n")}`,
  );
}
