// deno-lint-ignore-file no-console -- set-up may take a minute and reports it
/** What Tab offers and Shift+Tab shows, through the registered kernel. */

import assert from "node:assert/strict";
import { join } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";
import { setUp } from "../tools/tools.ts";
import { BrowserTests, codeCell, waitFor } from "./lab_testing.ts";

/** A place in a cell, and what must be known of it. */
interface Place {
  /** Cells to run before, in addition to those of the rows above. */
  readonly run?: readonly string[];
  /** A cell, with ¦ at the cursor. */
  readonly code: string;
  /** All that Tab offers; with "…" at the end, some of it. */
  readonly offers?: readonly string[];
  /** What Tab must not offer. */
  readonly hides?: readonly string[];
  /** What Tab replaces: the text before the cursor. */
  readonly replaces?: string;
  /** Parts of what Shift+Tab shows; none if it shows nothing. */
  readonly shows?: readonly string[];
}

const IMPORTS = `
import { loadBest } from "immersic/model/model.ts";
import { Generator } from "immersic/generation/generation.ts";
import { runFolder } from "immersic/base/base.ts";
import { display, makePiece, progress } from "immersic/notebook/notebook.ts";
import { histogram, table } from "immersic/plot/plot.ts";
import {
  loadCorpus,
  preprocess,
  readSequences,
} from "immersic/corpus/corpus.ts";`;

const OPTIONS = ["bars", "midiFile", "randomSeed", "sound", "temperature"];

const PLACES: readonly Place[] = [
  // No cell has run: the names are those of tour.ipynb.
  { code: "generator.inf¦", offers: ["infill"], replaces: "inf" },
  { code: "await makePi¦", offers: ["makePiece"] },
  { code: "showGuide(¦)", shows: ["showGuide("] },
  // Members of what the cells before made.
  {
    run: [
      IMPORTS,
      `const parameters = { prompt: "calm", randomSeed: 7, run: "starter", "two words": 1 };`,
      `const generator = null! as Generator;
       const manifest = null! as Awaited<ReturnType<typeof preprocess>>;`,
    ],
    code: "generator.¦",
    offers: ["checkpoint", "generate", "generateSections", "infill", "…"],
  },
  { code: "generator.inf¦", offers: ["infill"], replaces: "inf" },
  { code: "generator.inf¦(3)", offers: ["infill"], replaces: "inf" },
  { code: "parameters.¦", offers: ["prompt", "randomSeed", "run"] },
  {
    code: "if (parameters.run) {\n  const q = manifest.spl¦",
    offers: ["splitBy", "splits"],
  },
  { code: "const n = manifest.pieces[0].des¦", offers: ["description"] },
  {
    code: "for (const { file } of manifest.pieces) {\n  file.toL¦\n}",
    offers: ["toLocaleLowerCase", "toLocaleUpperCase", "toLowerCase"],
  },
  { code: "(await loadCorpus('x')).tok¦", offers: ["tokenizer"] },
  // Options.
  {
    code: `await makePiece(generator, "calm", { ¦ })`,
    offers: [...OPTIONS, "…"],
    hides: ["generator", "console"],
  },
  {
    code: `await makePiece(generator, "calm", { ¦`,
    offers: [...OPTIONS, "…"],
    hides: ["generator", "console"],
  },
  {
    code: `await makePiece(generator, "calm", {\n  seed: [],\n  mi¦`,
    offers: ["midiFile", "minP"],
    replaces: "mi",
  },
  {
    code: `await makePiece(generator, "calm", { midiFile¦: "x.mid" })`,
    shows: ["MakePieceOptions.midiFile?: string", "The MIDI file to write."],
  },
  { code: `histogram([], { tit¦`, offers: ["title"] },
  {
    code: `await preprocess({ ...parameters, splitBy: "¦" })`,
    offers: ["family", "piece"],
  },
  // Names.
  { code: "loadC¦", offers: ["loadCorpus"], replaces: "loadC" },
  { code: "await display(tab¦", offers: ["table"] },
  {
    code: "¦",
    offers: ["display", "generator", "Generator", "…"],
    hides: ["console"],
    shows: [],
  },
  { code: "Deno.readTextF¦", offers: ["readTextFile", "readTextFileSync"] },
  { code: "nothingLikeThis¦", offers: [], shows: [] },
  // Names that a cell makes anew, or that are those of globals.
  {
    run: [`const name = "one"; const result = 1;`, `const result = [name];`],
    code: "result.fil¦",
    offers: ["fill", "filter"],
  },
  { code: "name.toUp¦", offers: ["toUpperCase"] },
  { code: "const result = { a1: 1, a2: 2 };\nresult.¦", offers: ["a1", "a2"] },
  // Imports.
  {
    code: `import { makeP¦ } from "immersic/notebook/notebook.ts";`,
    offers: ["makePiece"],
    replaces: "makeP",
  },
  {
    code: `import { keyName } from "immersic/music/mus¦";`,
    offers: ["immersic/music/music.ts"],
    replaces: "immersic/music/mus",
  },
  {
    code: `const a = 1;\nimport { keyName } from "immersic/music/mus¦\na;`,
    offers: ["immersic/music/music.ts"],
    replaces: "immersic/music/mus",
  },
  {
    code: `import { keyName } from "immersic/music/music.ts";\nkeyN¦`,
    offers: ["keyName"],
  },
  // Comments and signatures.
  {
    code: "await makePiece¦(generator",
    shows: [
      "Promise<MadePiece>",
      "Makes a piece from a prompt",
      "`prompt` — What to make",
      "*@throws* `FileError` —",
    ],
  },
  {
    code: `await makePiece(generator, "calm", ¦`,
    shows: ["options?: MakePieceOptions", "Makes a piece from a prompt"],
  },
  { code: "progress(¦)", shows: ["title: string", "`total` — Units in all"] },
  { code: "parameters.randomSeed¦", shows: ["randomSeed: number"] },
  { code: "const keep = gener¦ator;", shows: ["const generator: Generator"] },
  // Text that is not yet a program, or that has odd characters.
  { code: "const x = ;\nparameters.pro¦", offers: ["prompt"] },
  { code: "}\nparameters.pro¦", offers: ["prompt"] },
  {
    code: "const é = '😀𝄞';\r\n/* 𝄞 */ parameters.\r\n  ru¦\r\n",
    offers: ["run"],
    replaces: "ru",
  },
  {
    code: "'𝄞𝄞'; parameters.pro¦",
    offers: ["prompt"],
    replaces: "pro",
    shows: [],
  },
];

interface Answer {
  readonly matches: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly shown: string;
  readonly seconds: number;
}

interface Answers {
  readonly cold: number;
  readonly answers: readonly Answer[];
  readonly busy: Answer;
  readonly status: readonly [boolean, string];
  readonly memory: number;
  readonly left: number;
}

async function ask(): Promise<Answers> {
  const { python, environment } = await setUp(console.error);
  const kernel = join(PROJECT_FOLDER, "lib", "kernel");
  const notebooks = join(PROJECT_FOLDER, "notebooks");
  const folder = await Deno.makeTempDir();
  const notebook = join(folder, "tour.ipynb");
  await Deno.copyFile(join(notebooks, "tour.ipynb"), notebook);
  const client = new Deno.Command(python, {
    args: [join(kernel, "language_client.py"), notebooks, notebook],
    env: environment,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const questions = PLACES.map(({ run = [], code }) => ({ run, code }));
  const writer = client.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(questions)));
  await writer.close();
  const { stdout } = await client.output();
  await Deno.remove(folder, { recursive: true });
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Compares an answer with what must be known. */
function check(place: Place, answer: Answer): void {
  const { code, offers, hides = [], replaces, shows } = place;
  if (offers) {
    const matches = offers.at(-1) === "…"
      ? [...answer.matches.filter((match) => offers.includes(match)), "…"]
      : answer.matches;
    assert.deepEqual(matches, offers, code);
  }
  for (const name of hides) assert(!answer.matches.includes(name), code);
  if (replaces !== undefined) {
    const before = [...code.slice(0, code.indexOf("¦"))];
    assert.equal(answer.end, before.length, code);
    assert.equal(before.slice(answer.start).join(""), replaces, code);
  }
  for (const part of shows ?? []) {
    assert(answer.shown.includes(part), `${code}\nshows:\n${answer.shown}`);
  }
  if (shows?.length === 0) assert.equal(answer.shown, "", code);
}

Deno.test("Tab offers and Shift+Tab shows what a place in a cell asks for", async (t) => {
  const found = await ask();
  const seconds = found.answers.map(({ seconds }) => seconds);
  console.error(
    `first answer after ${found.cold} s, then ${Math.min(...seconds)} to ${
      Math.max(...seconds)
    } s; ${Math.round(found.memory / 1e6)} MB`,
  );
  for (const [index, place] of PLACES.entries()) {
    await t.step(
      JSON.stringify(place.code),
      () => check(place, found.answers[index]!),
    );
  }
  await t.step("a busy kernel answers", () => {
    check(PLACES.at(-1)!, found.busy);
    assert.deepEqual(found.status, [true, "ok"]);
  });
  await t.step("the language server ends with the kernel", () => {
    assert(found.memory > 0);
    assert.equal(found.left, 0);
  });
});

const browser = new BrowserTests();

browser.testNotebook(
  "the keyboard brings options and comments in JupyterLab",
  [IMPORTS, "const generator = null! as Generator;", "x"],
  async (notebook) => {
    const { page } = notebook;
    await notebook.runAll();
    await notebook.idle();
    const write = async (text: string) => {
      await page.locator(".jp-CodeCell .cm-content").last().click();
      await page.keyboard.press("Control+A");
      // Not typed, as JupyterLab would add closing brackets.
      await page.keyboard.insertText(text);
    };
    const tooltip = page.locator(".jp-Tooltip");
    await write("await makePiece");
    // The first answer takes longer.
    await waitFor("the comment", 60, async () => {
      await page.keyboard.press("Shift+Tab");
      await page.waitForTimeout(1000);
      // It is empty for a moment.
      const [text = ""] = await tooltip.allInnerTexts();
      return text.includes("Makes a piece from a prompt");
    });
    await page.keyboard.press("Escape");
    const options = page.locator(".jp-Completer-item .jp-Completer-match");
    await write(`await makePiece(generator, "calm", { `);
    await page.keyboard.press("Tab");
    await options.first().waitFor({ timeout: 10_000 });
    const listed = await options.allInnerTexts();
    for (const option of OPTIONS) assert(listed.includes(option), option);
    const comment = page.locator(".jp-Completer-docpanel");
    for (let i = 0; i < listed.indexOf("midiFile"); i++) {
      await page.keyboard.press("ArrowDown");
    }
    await waitFor("the comment of an option", 10, async () => {
      return /The MIDI file to write/.test(await comment.innerText());
    });
    await page.keyboard.press("Enter");
    const { source } = codeCell(await notebook.cells(), 3);
    assert.equal(source, `await makePiece(generator, "calm", { midiFile`);
  },
);
