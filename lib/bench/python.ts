/** The Python environment of the peers. */
import { fromFileUrl, join } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";

/** Path of the Python that has the peers; installs them where missing. */
export async function benchPython(
  progress: (text: string) => void,
): Promise<string> {
  const folder = join(PROJECT_FOLDER, ".venv-bench");
  const python = join(folder, "bin", "python");
  const list = fromFileUrl(new URL("./requirements.txt", import.meta.url));
  const wanted = await Deno.readTextFile(list);
  const stamp = join(folder, "installed.txt");
  if (await Deno.readTextFile(stamp).catch(() => "") === wanted) return python;
  progress("installing PyTorch and Keras for comparison");
  for (
    const [command, ...args] of [
      ["python3", "-m", "venv", folder],
      [python, "-m", "pip", "install", "--quiet", "-r", list],
    ]
  ) {
    const { success, stderr } = await new Deno.Command(command!, { args })
      .output();
    if (success) continue;
    throw new Error(
      `Cannot install the peers: ${new TextDecoder().decode(stderr).trim()}`,
    );
  }
  await Deno.writeTextFile(stamp, wanted);
  return python;
}
