/** A sentence to what it asks for. */

export type { Understood } from "./draft.ts";
export { isBass } from "./ensemble.ts";
export {
  type InstrumentName,
  type InstrumentRole,
  INSTRUMENTS,
  silencedPrograms,
} from "./instruments.ts";
export { type ParsedPrompt, parsePrompt } from "./parse.ts";
export { type GenerationPlan, toGeneration } from "./plan.ts";
export { type GenerationRequest, PromptError } from "./request.ts";
