/** Notes on a grid → a piece as it is played. */

export { arrange, type ArrangementOptions } from "./arrange.ts";
export { setLoudness } from "./touch.ts";
