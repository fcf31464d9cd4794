import assert from "node:assert/strict";
import { join } from "@std/path";
import { checkVersions, findPython, SetupError } from "./setup.ts";

const REFUSALS: [deno: string, npmAgent: string | undefined, words: RegExp][] =
  [
    ["2.8.3", undefined, /Deno 2\.9 or newer is needed.*is 2\.8\.3/],
    ["1.46.0", undefined, /Deno 2\.9 or newer/],
    [
      "2.9.6",
      "npm/9.8.1 node/v18.19.0 linux x64",
      /Node 20 or newer is needed.*is 18\.19\.0/,
    ],
  ];

Deno.test("checkVersions() refuses old versions, in one sentence", () => {
  for (const [deno, npmAgent, words] of REFUSALS) {
    assert.throws(
      () => checkVersions(deno, npmAgent),
      (error) => error instanceof SetupError && words.test(error.message),
    );
  }
});

Deno.test("checkVersions() accepts new versions, with or without Node", () => {
  checkVersions("2.9.0");
  checkVersions("2.10.1", "npm/10.8.2 node/v20.20.2 linux x64");
  checkVersions("3.0.0", "npm/11.0.0 node/v24.1.0 darwin arm64");
});

/** A command that claims to be a Python of some version. */
async function pretend(folder: string, version: string): Promise<string> {
  const path = join(folder, `python-${version}`);
  await Deno.writeTextFile(path, `#!/bin/sh\necho ${version}\n`);
  await Deno.chmod(path, 0o755);
  return path;
}

Deno.test({
  name: "findPython() takes the first that is new enough",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    const old = await pretend(folder, "3.9.18");
    const fine = await pretend(folder, "3.10.13");
    const newest = await pretend(folder, "3.14.0");
    const missing = join(folder, "python4");
    assert.equal(await findPython([missing, old, fine, newest]), fine);
    await assert.rejects(
      findPython([old]),
      /Python 3\.10 or newer is needed, .*python-3\.9\.18 is 3\.9\.18\. Install/,
    );
    await assert.rejects(findPython([missing]), /none was found\. Install/);
    await Deno.remove(folder, { recursive: true });
  },
});
