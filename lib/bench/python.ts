/** Python environments, of the peers and of others. */
import { fromFileUrl, join } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";

/** Path of the Python that has the peers of the engine and of music. */
export function benchPython(
  progress: (text: string) => void,
): Promise<string> {
  const list = new URL("./requirements.txt", import.meta.url);
  return pythonWith(list, ".venv-bench", progress);
}

/** Path of the Python that has Dask, for many machines. */
export function clusterPython(
  progress: (text: string) => void,
): Promise<string> {
  const list = new URL("../cluster/requirements.txt", import.meta.url);
  return pythonWith(list, ".venv-cluster", progress);
}

/**
 * Path of the Python that has some packages; installs them where missing.
 *
 * @param requirements The list of packages, as pip takes it.
 * @param environment Folder of the environment, in the project.
 * @throws {Error} If they cannot be installed.
 */
export async function pythonWith(
  requirements: URL,
  environment: string,
  progress: (text: string) => void,
): Promise<string> {
  const folder = join(PROJECT_FOLDER, environment);
  const python = join(folder, "bin", "python");
  const list = fromFileUrl(requirements);
  const wanted = await Deno.readTextFile(list);
  const stamp = join(folder, "installed.txt");
  if (await Deno.readTextFile(stamp).catch(() => "") === wanted) return python;
  progress(`installing Python packages in ${environment}`);
  for (
    const [command, ...args] of [
      ["python3", "-m", "venv", folder],
      // Compiled when imported: most modules of these packages never are.
      [python, "-m", "pip", "install", "--quiet", "--no-compile", "-r", list],
    ]
  ) {
    const { success, stderr } = await new Deno.Command(command!, { args })
      .output();
    if (success) continue;
    throw new Error(
      `Cannot install Python packages in ${environment}: ${
        new TextDecoder().decode(stderr).trim()
      }`,
    );
  }
  await Deno.writeTextFile(stamp, wanted);
  return python;
}
