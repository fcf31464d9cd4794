/**
 * Installs the Python packages that slow tests need, where missing, so that these need
 * not wait for downloads: the gate runs this beside its first checks. What cannot be
 * installed, the tests tell.
 */

import { benchPython, pythonWith } from "./python.ts";

const cluster = new URL("../cluster/requirements.txt", import.meta.url);
await benchPython(() => {}).catch(() => {});
await pythonWith(cluster, ".venv-cluster", () => {}).catch(() => {});
