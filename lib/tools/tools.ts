/** Sets up what the notebooks run on. */

export { setUp, SetupError, type Workbench } from "./setup.ts";
