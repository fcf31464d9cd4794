/** The command line: `deno run -A lib/commands/main.ts COMMAND …`, as `deno task` calls it. */

export { main } from "./main.ts";
export type { Output } from "./progress.ts";
