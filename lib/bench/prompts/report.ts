/** Sums of what was met of what many prompts ask for. */

import type { JudgedPrompt, Judgement } from "./judge.ts";

/** Counts of requirements. */
export interface Count {
  readonly asked: number;
  readonly met: number;
  /** Not met, and the opposite holds. */
  readonly contradicted: number;
  /** Not met, and nothing is told about it. */
  readonly silent: number;
  /** Not met, though told as understood. */
  readonly believed: number;
  /** Not met, and the user is told so. */
  readonly told: number;
  /** Of prompts that were refused. */
  readonly refused: number;
}

/** Sums over prompts. */
export interface PromptsReport {
  readonly all: Count;
  /** Without what custom or scene ask for. */
  readonly said: Count;
  /** What custom or scene ask for. */
  readonly implied: Count;
  readonly kinds: Readonly<Record<string, Count>>;
  readonly prompts: number;
  /** Prompts of which everything is met. */
  readonly promptsMet: number;
  /** Prompts of which everything is met that their words say. */
  readonly promptsMetAsSaid: number;
  readonly promptsRefused: number;
}

/** Counts judgements. */
export function count(judgements: readonly Judgement[]): Count {
  const of = (isCounted: (one: Judgement) => boolean) =>
    judgements.filter(isCounted).length;
  return {
    asked: judgements.length,
    met: of(({ met }) => met),
    contradicted: of(({ contradicted }) => contradicted),
    silent: of(({ treatment }) => treatment === "silent"),
    believed: of(({ treatment }) => treatment === "believed"),
    told: of(({ treatment }) => treatment === "told"),
    refused: of(({ treatment }) => treatment === "refused"),
  };
}

const isImplied = ({ asked }: Judgement) => asked.implied === true;
const isSaid = (one: Judgement) => !isImplied(one);

/** Sums over prompts and by kind of requirement, the most frequent kind first. */
export function reportOn(judged: readonly JudgedPrompt[]): PromptsReport {
  const all = judged.flatMap(({ judgements }) => judgements);
  const byKind = [...Map.groupBy(all, ({ asked }) => asked.is)]
    .sort((a, b) => b[1].length - a[1].length);
  const isMet = ({ met }: Judgement) => met;
  return {
    all: count(all),
    said: count(all.filter(isSaid)),
    implied: count(all.filter(isImplied)),
    kinds: Object.fromEntries(
      byKind.map(([kind, judgements]) => [kind, count(judgements)]),
    ),
    prompts: judged.length,
    promptsMet:
      judged.filter(({ judgements }) => judgements.every(isMet)).length,
    promptsMetAsSaid:
      judged.filter(({ judgements }) => judgements.filter(isSaid).every(isMet))
        .length,
    promptsRefused:
      judged.filter(({ refusal }) => refusal !== undefined).length,
  };
}

/** A line of text on a count. */
function countLine(name: string, one: Count): string {
  const share = (100 * one.met / Math.max(1, one.asked)).toFixed(1);
  return `${name.padEnd(12)} ${String(one.met).padStart(5)} of ${
    String(one.asked).padStart(5)
  } (${
    share.padStart(5)
  } %), contradicted ${one.contradicted}, silent ${one.silent}, believed ${one.believed}, told ${one.told}, refused ${one.refused}`;
}

/** The report in lines of text. */
export function reportLines(report: PromptsReport): string[] {
  return [
    `${report.prompts} prompts: ${report.promptsMet} met in all, ${report.promptsMetAsSaid} in all that they say; ${report.promptsRefused} refused.`,
    countLine("all", report.all),
    countLine("said", report.said),
    countLine("implied", report.implied),
    ...Object.entries(report.kinds).map(([kind, one]) => countLine(kind, one)),
  ];
}

/** A requirement that is not met, for the list of misses. */
export interface Miss extends Judgement {
  readonly prompt: string;
  /** Place of the prompt in its file, from 0. */
  readonly index: number;
  readonly refusal?: string;
}

/** Every requirement that is not met, in the order of the prompts. */
export function missesOf(judged: readonly JudgedPrompt[]): Miss[] {
  return judged.flatMap(({ prompt, refusal, judgements }, index) =>
    judgements.filter(({ met }) => !met).map((one) => ({
      index,
      prompt,
      ...one,
      ...refusal !== undefined && { refusal },
    }))
  );
}
