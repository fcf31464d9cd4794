/** What the network is shown of the music so far. */

export { ContextReader } from "./context_reader.ts";
export { MOST_FEATURES } from "./features.ts";
export { MOST_RELATIONS, RELATIONS } from "./pairs.ts";
export { NO_PLAN, type PiecePlan, planOf } from "./piece_plan.ts";
