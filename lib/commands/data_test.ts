import assert from "node:assert/strict";
import { join } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";
import { DATASETS } from "../corpus/corpus.ts";
import { run, withPlace } from "./testing.ts";

Deno.test("data lists the sets and takes one from a local place", async () => {
  await withPlace(async (folder) => {
    const list = await run("data", "--out", folder, "--json");
    assert.equal(list.status, 0);
    const { datasets } = JSON.parse(list.out);
    assert.deepEqual(
      datasets.map(({ name }: { name: string }) => name),
      DATASETS.map(({ name }) => name),
    );
    const { status, err } = await run(
      ...["data", "jsb-chorales", "--out", folder, "--from", folder],
    );
    assert.equal(status, 1);
    assert.match(err, /it has no file of this collection\.$/);
  });
});

/** The table of the page on data sets. */
const TABLE = [
  ["name", "what", "licence", "size", "from"],
  ...DATASETS.map(({ name, description, licence, size, page, downloads }) => [
    `\`${name}\``,
    description,
    licence,
    size,
    page === undefined
      ? "the project"
      : `[${new URL(page).hostname.replace(/^www\./, "")}](${page})${
        downloads.length === 0 ? ", by hand" : ""
      }`,
  ]),
];

Deno.test("data: the page on data sets has a row for each, as the registry says", async () => {
  const page = await Deno.readTextFile(
    join(PROJECT_FOLDER, "docs", "data_sets.md"),
  );
  const rows = page.split("\n").filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  const [head] = TABLE;
  const start = rows.findIndex((row) => row.join() === head!.join());
  const found = rows.slice(start, start + 1 + TABLE.length)
    .filter(([cell]) => !/^-+$/.test(cell ?? ""));
  assert.deepEqual(
    found,
    TABLE,
    `The table should be:\n${
      TABLE.map((row) => `| ${row.join(" | ")} |`).join("\n")
    }`,
  );
});
