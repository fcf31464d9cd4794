// deno-lint-ignore-file no-console -- a program
/**
 * `deno task sbom`: the packages that come with a set-up project, with their licences,
 * as a bill of materials in CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/).
 */

import { join } from "@std/path";
import {
  OUTPUTS_FOLDER,
  PROJECT_FOLDER,
  writeFileAtomically,
} from "../base/base.ts";
import { readTask, SBOM, VERSION } from "../tasks/tasks.ts";
import { WORKBENCH } from "./setup.ts";

/** A package of another project. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** Its address as a package URL, such as "pkg:npm/fflate@0.8.2". */
  readonly purl: string;
  /** The licence as the package names it; "" if it names none. */
  readonly licence: string;
  /** SHA-512 of the package as it is downloaded, in hexadecimal. */
  readonly sha512?: string;
}

/** The packages of npm in `deno.lock`, in its order. */
export async function npmComponents(): Promise<Component[]> {
  const lock = JSON.parse(
    await Deno.readTextFile(join(PROJECT_FOLDER, "deno.lock")),
  ) as { npm: Record<string, { integrity: string }> };
  const cache = await npmCache();
  const components = new Map<string, Component>();
  for (const [key, { integrity }] of Object.entries(lock.npm)) {
    // "name@version", and then "_" and the versions of its peers.
    const [, name, version] = key.match(/^(@?[^@]+)@([^_]+)/)!;
    const purl = `pkg:npm/${name!.replace("@", "%40")}@${version}`;
    components.set(purl, {
      ...{ name: name!, version: version!, purl },
      licence: licenceOf(JSON.parse(
        await Deno.readTextFile(join(cache, name!, version!, "package.json")),
      )),
      sha512: hexOf(integrity.replace("sha512-", "")),
    });
  }
  return [...components.values()];
}

/** The folder of the packages that Deno has downloaded. */
async function npmCache(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
    cwd: PROJECT_FOLDER,
  }).output();
  const { npmCache } = JSON.parse(new TextDecoder().decode(stdout)) as {
    npmCache: string;
  };
  for await (const { name, isDirectory } of Deno.readDir(npmCache)) {
    // One folder for each registry.
    if (isDirectory) return join(npmCache, name);
  }
  throw new Error(
    `Cannot list the npm packages: ${npmCache} has none. Run "deno install".`,
  );
}

/** The licence in a package.json, whichever way it is written. */
function licenceOf({ license, licenses }: {
  readonly license?: string | { readonly type: string };
  readonly licenses?: readonly { readonly type: string }[];
}): string {
  if (typeof license === "string") return license;
  return license?.type ?? licenses?.map(({ type }) => type).join(" OR ") ?? "";
}

function hexOf(base64: string): string {
  return Array.from(
    atob(base64),
    (character) => character.charCodeAt(0).toString(16).padStart(2, "0"),
  ).join("");
}

const LIST_PYTHON = `
import importlib.metadata, json
def licence(meta):
    kinds = [c for c in meta.get_all("Classifier") or [] if c.startswith("License ::")]
    named = meta.get("License-Expression") or (kinds and kinds[0].split(" :: ")[-1])
    return named or (meta.get("License") or "").partition("\\n")[0]
print(json.dumps(sorted(
    [d.metadata["Name"], d.version, licence(d.metadata)]
    for d in importlib.metadata.distributions())))`;

/** The packages of Python in `.venv`, in the order of their names. */
export async function pythonComponents(): Promise<Component[]> {
  const { stdout } = await new Deno.Command(WORKBENCH.python, {
    args: ["-c", LIST_PYTHON],
  }).output();
  const list = JSON.parse(new TextDecoder().decode(stdout)) as string[][];
  return list.map(([name = "", version = "", licence = ""]) => {
    // As package URLs demand: https://peps.python.org/pep-0503/#normalized-names
    const normal = name.toLowerCase().replace(/[-_.]+/g, "-");
    return { name, version, licence, purl: `pkg:pypi/${normal}@${version}` };
  });
}

/**
 * A bill of materials, as JSON in CycloneDX 1.6.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { billOfMaterials } from "immersic/tools/sbom.ts";
 * const purl = "pkg:npm/fflate@0.8.2";
 * const one = { name: "fflate", version: "0.8.2", purl, licence: "MIT" };
 * const { components } = billOfMaterials("1.0.0", [one]);
 * assert.deepEqual(components[0]?.licenses, [{ license: { name: "MIT" } }]);
 * ```
 */
export function billOfMaterials(
  version: string,
  components: readonly Component[],
) {
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: { type: "application", name: "immersic", version },
    },
    components: components.map(({ name, version, purl, licence, sha512 }) => ({
      ...{ type: "library", "bom-ref": purl, name, version, purl },
      ...sha512 && { hashes: [{ alg: "SHA-512", content: sha512 }] },
      ...licence && { licenses: [{ license: { name: licence } }] },
    })),
  };
}

if (import.meta.main) {
  await readTask(SBOM);
  const components = [...await npmComponents(), ...await pythonComponents()];
  const byLicence = Map.groupBy(components, ({ licence }) => licence);
  for (const [licence, of] of byLicence) {
    const names = of.slice(0, 4).map(({ name }) => name).join(", ");
    const more = of.length > 4 ? `, …` : "";
    console.log(
      `${String(of.length).padStart(4)}  ${
        licence || "none named"
      }: ${names}${more}`,
    );
  }
  const file = join(OUTPUTS_FOLDER, "sbom.json");
  const bill = billOfMaterials(VERSION, components);
  await writeFileAtomically(file, `${JSON.stringify(bill, null, 2)}\n`);
  console.log(`${components.length} packages, listed in ${file}`);
}
