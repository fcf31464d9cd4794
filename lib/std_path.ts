/**
 * A strict subset of `jsr:@std/path`, over Node's modules, for machines that
 * cannot reach JSR. One line of deno.json switches between the two.
 */
export {
  basename,
  dirname,
  extname,
  isAbsolute,
  join,
  normalize,
  relative,
  resolve,
} from "node:path";
export { fileURLToPath as fromFileUrl, pathToFileURL as toFileUrl } from "node:url";
