/** Notes on a grid → a piece as it is played. */

export { arrange, type ArrangementOptions } from "./arrange.ts";
export { playDrums } from "./drum_wish.ts";
export type { Stroke, TimedEvent } from "./events.ts";
export type { ArrangedSection, Motion } from "./levels.ts";
export { shareOfSwells } from "./swells.ts";
export { humanize, setLoudness } from "./touch.ts";
export { type Leader, leadersOf, partOf, shareOnTop } from "./on_top.ts";
export { closeEnding } from "./ending.ts";
