import assert from "node:assert/strict";
import { billOfMaterials, npmComponents, pythonComponents } from "./sbom.ts";
import { setUp } from "./setup.ts";

/** What all packages may be used under, with the licence texts kept beside them. */
const PERMISSIVE =
  /^(MIT|MIT-0|ISC|0BSD|BSD|Apache|Python Software|PSF|Unlicense|Zlib|SEE LICENSE)/;
/** Their files stay under their own licence; they are used unchanged. */
const FILE_COPYLEFT = /^(MPL-2\.0|Mozilla Public License 2\.0|OFL-1\.1)/;

Deno.test("sbom: every package is listed with its version, and a licence that ours agrees with", async () => {
  await setUp(() => {});
  const npm = await npmComponents(), python = await pythonComponents();
  const name = (purl: string) => npm.some((one) => one.purl === purl);
  assert.ok(name("pkg:npm/fflate@0.8.2"));
  assert.ok(name("pkg:npm/%40tonejs/midi@2.0.28"));
  assert.ok(python.some(({ purl }) => purl.startsWith("pkg:pypi/jupyterlab@")));
  assert.ok(npm.every(({ sha512 }) => /^[0-9a-f]{128}$/.test(sha512!)));
  const all = [...npm, ...python];
  assert.equal(new Set(all.map(({ purl }) => purl)).size, all.length);
  const others = all.filter(({ licence }) => {
    const plain = licence.replace("(", "");
    return !PERMISSIVE.test(plain) && !FILE_COPYLEFT.test(plain);
  });
  assert.deepEqual(others, []);
  assert.equal(billOfMaterials("1.0.0", all).components.length, all.length);
});
