/**
 * `deno task lab [OPTION …]`: JupyterLab on notebooks/, with the Deno kernel.
 * Options go to JupyterLab as they are, for instance `--no-browser`,
 * `--port=9000`, `--ip=0.0.0.0`.
 */

import { PROJECT_FOLDER } from "../base/base.ts";
import { setUp, SetupError, type Workbench } from "../tools/tools.ts";

/**
 * The command that starts JupyterLab.
 *
 * @param root Folder that it serves.
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
      // The server would drop outputs of a cell that shows much at once.
      "--ZMQChannelsWebsocketConnection.limit_rate=False",
      // Without this Jupyter refuses to run in a container.
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
  try {
    const lab = labCommand(await setUp(console.error), PROJECT_FOLDER, [
      "--LabApp.default_url=/lab/tree/notebooks",
      ...Deno.args,
    ]).spawn();
    // JupyterLab itself answers Ctrl-C, and asks first.
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
