/** The engines that networks train with: which are there, and their networks. */

export {
  checkEngines,
  type EngineCheck,
  type EngineCheckOptions,
} from "./check.ts";
export {
  chooseEngine,
  type Engine,
  type EngineChoice,
  type EngineName,
  ENGINES,
} from "./choose.ts";
export { createNetwork } from "./network.ts";
