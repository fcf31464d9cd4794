/** What the network is shown of the music so far. */

export { FeatureLayout, MOST_FEATURES } from "./features.ts";
export { NO_PLAN, type PiecePlan, planOf } from "./piece_plan.ts";
export { MusicContext } from "./music_context.ts";
export { MOST_RELATIONS, RELATIONS } from "./pairs.ts";
export { Relations } from "./relations.ts";
