/** The engines that networks train with: which are there, and their networks. */

export { checkEngines, type EngineCheck } from "./check.ts";
export { chooseEngine, type ChooseOptions } from "./choose.ts";
export {
  type Engine,
  type EngineChoice,
  type EngineName,
  ENGINES,
} from "./names.ts";
export { createNetwork } from "./network.ts";
