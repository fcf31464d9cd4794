/** Held-out losses, likeness, copying and repetition. */

export {
  CopyIndex,
  type Reading,
  READINGS,
  type SharedPassage,
} from "./copying.ts";
export {
  judgeMade,
  likenessRows,
  type MadeReport,
  musicRows,
  predictHeldOut,
} from "./trained.ts";
export { evaluateGenerated } from "./generated.ts";
