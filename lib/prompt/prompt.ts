/** Reads a prompt: a sentence to what it asks for. */

export { promptGuide } from "./guide.ts";
export { parsePrompt } from "./parse.ts";
export { PromptError } from "./prompt_error.ts";
export { modeName, sentencesOf } from "./meanings.ts";
export type {
  Choice,
  ParsedPrompt,
  Problem,
  PromptSpec,
  Understood,
} from "./types.ts";
