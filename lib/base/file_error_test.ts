import assert from "node:assert/strict";
import { fileCause, FileError } from "./file_error.ts";

Deno.test("FileError: is a sentence of task, cause and advice, without the system's path", async () => {
  const error: unknown = await Deno.readFile("/no/such/file").catch((e) => e);
  assert.equal(
    new FileError("read a.mid", error, "Is it there?").message,
    "Cannot read a.mid: there is no such file or folder. Is it there?",
  );
  assert.equal(
    new FileError("x", "it is a pipe").message,
    "Cannot x: it is a pipe.",
  );
});

Deno.test("fileCause() keeps the words of an error that it does not know", () => {
  const unknown = new Error("Odd thing (os error 999): open '/a'");
  assert.equal(fileCause(unknown), "Odd thing");
  assert.equal(fileCause("text"), "text");
});
