import assert from "node:assert/strict";
import { dirname, extname, join, relative } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";
import { flagOf, TASKS } from "../tasks/tasks.ts";
import { taskLines } from "../tasks/testing.ts";
import { commandPage } from "./command_page.ts";

/** Paths below a folder with this ending, from the project's folder on. */
function pagesIn(folder: string, deep: boolean): string[] {
  return [...Deno.readDirSync(join(PROJECT_FOLDER, folder))].flatMap(
    ({ name, isDirectory }) => {
      const path = join(folder, name);
      if (isDirectory) return deep ? pagesIn(path, deep) : [];
      return extname(name) === ".md" ? [path] : [];
    },
  ).sort();
}

const DOCS = pagesIn("docs", true);
const PAGES = [
  ...pagesIn("", false),
  ...DOCS,
  "data/starter/README.md",
  "outputs/readme/README.md",
];
const textOf = (page: string) =>
  Deno.readTextFileSync(join(PROJECT_FOLDER, page));

function exists(path: string): boolean {
  try {
    Deno.statSync(join(PROJECT_FOLDER, path));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** A page without its blocks of code. */
const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```/gm, "");

/** What a link's fragment is for each heading, as code hosts name them. */
function anchorsOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map((
    [, heading = ""],
  ) =>
    heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(
      " ",
      "-",
    )
  );
}

/** Every group 1 of a pattern. */
const found = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, one = ""]) => one);

/** What a page names that is not there. */
function missing(page: string, text: string): string[] {
  const targets = [
    ...found(text, /\]\(([^)\s]+)\)/g),
    ...found(text, /\b(?:src|srcset|href)="([^"]+)"/g),
  ].filter((target) => !/^[a-z]+:/.test(target));
  const links = targets.filter((target) => {
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? page : join(dirname(page), path);
    return !exists(file) ||
      anchor !== undefined && !anchorsOf(textOf(file)).includes(anchor);
  });
  const paths = [
    ...found(text, /(?<![\w/])(lib\/[\w./-]*\w)/g),
    ...found(text, /\bimmersic\/((?:\w+\/)+\w+\.ts)/g).map((one) =>
      `lib/${one}`
    ),
  ].filter((path) => !exists(path));
  const tasks = found(text, /\bdeno(?:@[\d.]+)?\s+task\s+([a-z]\w*(?::\w+)?)/g)
    .filter((task) => !TASKS.some(({ name }) => name === task))
    .map((task) => `deno task ${task}`);
  return [...links, ...paths, ...tasks].map((one) => `${page}: ${one}`);
}

Deno.test("docs: every link, path in lib and task that a page names is there", () => {
  const faults = PAGES.flatMap((page) => missing(page, textOf(page)));
  assert.deepEqual(faults, []);
});

Deno.test("docs: a dead link, path or task is found", () => {
  const text = "[a](b.md), [c](engine.md#none), `lib/midi/none.ts`, " +
    "`immersic/midi/none.ts`, `npx -y deno@2.9.6 task none`; " +
    "[d](engine.md#engines), `lib/midi`, `deno task ok`, https://x.org/y";
  assert.deepEqual(missing("docs/x.md", text), [
    "docs/x.md: b.md",
    "docs/x.md: engine.md#none",
    "docs/x.md: lib/midi/none.ts",
    "docs/x.md: lib/midi/none.ts",
    "docs/x.md: deno task none",
  ]);
});

/** Addresses outside that no browser takes, or takes for another. */
function badAddresses(text: string): string[] {
  return found(text, /((?:https?|ftp):[^\s)>"`'|]*)/g).filter((address) => {
    const url = URL.parse(address);
    return url?.protocol !== "https:" ||
      !/^[\w-]+(\.[\w-]+)+$/.test(url.host) ||
      /[.,;:]$/.test(address);
  });
}

Deno.test("docs: every address outside is well-formed, and by https", () => {
  // Whether a page is there cannot be asked in a test: it must pass offline.
  const faults = PAGES.flatMap((page) =>
    badAddresses(withoutCode(textOf(page))).map((one) => `${page}: ${one}`)
  );
  assert.deepEqual(faults, []);
  assert.deepEqual(
    badAddresses(
      "http://x.org, [a](https://y), <https://z.org.>, https://w.org/a?b#c",
    ),
    ["http://x.org,", "https://y", "https://z.org."],
  );
});

/** Options that a text gives to a task which has no such option. */
function unknownOptions(text: string): string[] {
  return taskLines(text).flatMap(({ name, args }) => {
    const task = TASKS.find((one) => one.name === name);
    // Options of the lab are JupyterLab's.
    if (!task || name === "lab") return [];
    const known = [
      "--help",
      "--version",
      ...Object.keys(task.options).map(flagOf),
    ];
    return args.map((arg) => /^[[(]*(--[a-z][\w-]*)/.exec(arg)?.[1])
      .filter((flag) => flag !== undefined && !known.includes(flag))
      .map((flag) => `deno task ${name} ${flag}`);
  });
}

Deno.test("docs: every option on a page is one of its task", () => {
  const faults = PAGES.flatMap((page) =>
    unknownOptions(textOf(page)).map((fault) => `${page}: ${fault}`)
  );
  assert.deepEqual(faults, []);
  assert.deepEqual(
    unknownOptions(
      "`deno task train \\\n  --run a [--bars 3]`, `deno task lab --x`",
    ),
    ["deno task train --bars"],
  );
});

Deno.test("docs: the page on commands is the help of every task", () => {
  assert.equal(
    textOf("docs/commands.md"),
    commandPage(),
    "deno run lib/tools/command_page.ts > docs/commands.md writes it anew",
  );
});

Deno.test("docs: docs/README.md lists every page", () => {
  const list = textOf("docs/README.md");
  const unlisted = DOCS.map((page) => relative("docs", page))
    .filter((page) => page !== "README.md" && !list.includes(`(${page})`));
  assert.deepEqual(unlisted, []);
});

Deno.test("docs: the version is the same wherever it is named", () => {
  const { version } = JSON.parse(textOf("deno.json"));
  const [cited] = found(textOf("CITATION.cff"), /^version: (.+)$/gm);
  const [latest] = found(textOf("CHANGELOG.md"), /^## (\d[\w.-]*)/gm);
  assert.deepEqual([cited, latest], [version, version]);
});
