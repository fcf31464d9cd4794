/** Set-up and checks of the project itself. */

export { setUp, SetupError, type Workbench } from "./setup.ts";
