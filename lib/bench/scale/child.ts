// deno-lint-ignore-file no-console -- a program
/**
 * A process that preprocesses: `child.ts MIDI OUT [PART OF]`. It writes a line of
 * JSON after each hundredth of the files, and one at its end.
 */

import { preprocessPart, preprocessToFolder } from "../../corpus/corpus.ts";
import { peakMegabytes } from "./peak_memory.ts";

/** A line that the process writes. */
export interface ChildLine {
  /** Files done. */
  readonly done: number;
  /** Files in all. */
  readonly total: number;
  /** Files that were parsed, rather than known from an earlier run. */
  readonly parsed: number;
  /** Since its beginning. */
  readonly milliseconds: number;
  /** Most memory so far, in MB; at the end. */
  readonly peak?: number;
}

if (import.meta.main) {
  const [midiFolder = "", outFolder = "", part, of] = Deno.args;
  let parsed = 0, last: ChildLine | undefined;
  const options = {
    ...{ midiFolder, outFolder },
    onProgress: (at: { done: number; total: number; parsed: boolean }) => {
      const { done, total } = at;
      if (at.parsed) parsed++;
      const milliseconds = performance.now();
      last = { done, total, parsed, milliseconds };
      if (
        Math.floor(done * 100 / total) === Math.floor((done - 1) * 100 / total)
      ) return;
      console.log(JSON.stringify(last));
    },
  };
  if (part === undefined) await preprocessToFolder(options);
  else await preprocessPart(options, { part: Number(part), of: Number(of) });
  const milliseconds = performance.now();
  console.log(JSON.stringify({ ...last, milliseconds, peak: peakMegabytes() }));
}
