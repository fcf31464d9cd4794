/** A sentence to what it asks for. */

export type { PromptSpec, Understood } from "./draft.ts";
export { type ParsedPrompt, parsePrompt } from "./parse.ts";
export { PromptError } from "./prompt_error.ts";
