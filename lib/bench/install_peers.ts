/**
 * Installs the Python packages that slow tests need, where missing, so that these need
 * not wait for downloads: the gate runs this beside its first checks. What cannot be
 * installed, the tests tell.
 */

import { benchPython, clusterPython } from "./python.ts";

await benchPython(() => {}).catch(() => {});
await clusterPython(() => {}).catch(() => {});
