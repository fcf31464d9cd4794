/** For tests: whether there is a GPU. */
import { isOpenGl } from "./device.ts";

const adapter = await navigator.gpu?.requestAdapter();

/** Whether there is an adapter to test with, be it one in software. */
export const HAS_GPU: boolean = adapter ? !isOpenGl(adapter.features) : false;

/** Ends the names of tests that are skipped. */
export const WHY_SKIPPED: string = HAS_GPU
  ? ""
  : ` (skipped: ${
    adapter ? "an adapter through OpenGL compiles for minutes" : "no adapter"
  }; install a Vulkan driver, on Debian with apt-get install mesa-vulkan-drivers)`;
