/** Reads a prompt: a sentence to what it asks for. */

export { modeName, type PromptSpec, type Understood } from "./draft.ts";
export { type ParsedPrompt, parsePrompt } from "./parse.ts";
export { PromptError } from "./prompt_error.ts";
