/** The engines that networks train with: which are there, and their networks. */

export {
  chooseEngine,
  type Engine,
  type EngineChoice,
  type EngineName,
  ENGINES,
} from "./choose.ts";
export { createNetwork } from "./network.ts";
