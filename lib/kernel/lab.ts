// deno-lint-ignore-file no-console -- a program
/**
 * `deno task lab [OPTION …]`: starts JupyterLab on notebooks/, with the Deno kernel.
 * Options are passed to JupyterLab, for instance `--no-browser`,
 * `--port=9000`, `--ip=0.0.0.0`.
 */

import { PROJECT_FOLDER } from "../base/base.ts";
import { LAB, readTask } from "../tasks/tasks.ts";
import { setUp, SetupError, type Workbench } from "../tools/tools.ts";

/**
 * The command that starts JupyterLab.
 *
 * @param root Folder that JupyterLab serves.
 * @param options Further options of JupyterLab.
 */
export function labCommand(
  workbench: Workbench,
  root: string,
  options: readonly string[] = [],
): Deno.Command {
  return new Deno.Command(workbench.python, {
    args: [
      ...["-m", "jupyterlab"],
      `--ServerApp.root_dir=${root}`,
      "--MultiKernelManager.default_kernel_name=deno",
      // Otherwise the server drops outputs of a cell that shows much at once.
      "--ZMQChannelsWebsocketConnection.limit_rate=False",
      // As root, for example in a container, Jupyter refuses to start without it.
      ...(Deno.build.os !== "windows" && Deno.uid() === 0
        ? ["--allow-root"]
        : []),
      ...options,
    ],
    cwd: PROJECT_FOLDER,
    env: workbench.environment,
  });
}

if (import.meta.main) {
  // All other options are JupyterLab's.
  if (/^(?:-h|--help|--version)$/.test(Deno.args[0] ?? "")) await readTask(LAB);
  try {
    const lab = labCommand(await setUp(console.error), PROJECT_FOLDER, [
      "--LabApp.default_url=/lab/tree/notebooks",
      ...Deno.args,
    ]).spawn();
    // JupyterLab handles Ctrl-C itself, by asking whether to shut down.
    Deno.addSignalListener("SIGINT", () => {});
    if (Deno.build.os !== "windows") {
      Deno.addSignalListener("SIGTERM", () => lab.kill("SIGTERM"));
    }
    Deno.exit((await lab.status).code);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
