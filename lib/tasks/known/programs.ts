/** The command lines of the tasks that set up, show and check the project. */

import { defineTask } from "../option.ts";

/** See {@linkcode Task}. */
export const START = defineTask({
  name: "start",
  summary: "runs both notebooks without a browser, on the starter corpus",
  usage: "[[NOTEBOOK.]PARAMETER=VALUE …]",
  notes: [
    "A setting such as epochs=3 or corpus=mine replaces a value of the parameters cells, Immersic.epochs=3 that of one notebook. VALUE is JSON or, if it cannot be parsed, plain text. Executed copies go to outputs/.",
  ],
  words: { value: "PARAMETER=VALUE", most: Infinity },
  options: {},
  examples: [
    "deno task start",
    "deno task start midiFolder=~/Music/lofi corpus=lofi run=lofi",
  ],
});

/** See {@linkcode Task}. */
export const LAB = defineTask({
  name: "lab",
  summary: "sets up JupyterLab once, and opens it on notebooks/",
  usage: "[OPTION OF JUPYTERLAB …]",
  notes: [
    "Options go to JupyterLab, for instance --no-browser, --port=9000, --ip=0.0.0.0; .venv/bin/python -m jupyterlab --help-all lists them all.",
  ],
  options: {},
  examples: ["deno task lab", "deno task lab --no-browser --port=9000"],
});

/** See {@linkcode Task}. */
export const NOTEBOOKS_TASK = defineTask({
  name: "notebooks",
  summary: "executes all notebooks and saves them, as they are committed",
  usage: "",
  options: {},
  examples: ["deno task notebooks"],
});

/** See {@linkcode Task}. */
export const SETUP_TENSORFLOW = defineTask({
  name: "setup:tensorflow",
  summary: "brings TensorFlow, for the engine of that name",
  usage: "[--gpu]",
  notes: ["What is there already is kept. All of it is in .tensorflow/."],
  options: {
    gpu: {
      heading: "Options",
      is: "flag",
      meaning: "With CUDA and cuDNN, 3.4 GB to download instead of 274 MB.",
    },
  },
  examples: ["deno task setup:tensorflow"],
});

/** See {@linkcode Task}. */
export const SBOM = defineTask({
  name: "sbom",
  summary: "lists all packages with their licences (CycloneDX 1.6)",
  usage: "",
  notes: ["The list goes to outputs/sbom.json."],
  options: {},
  examples: ["deno task sbom"],
});

/** See {@linkcode Task}. */
export const OK = defineTask({
  name: "ok",
  summary:
    "is the quick gate before a commit: format, lint, types, notebook cells, unit tests",
  usage: "",
  options: {},
  examples: ["deno task ok"],
});

/** See {@linkcode Task}. */
export const TEST = defineTask({
  name: "test",
  summary:
    "checks everything: ok, examples in comments and docs, slow and browser tests",
  usage: "",
  options: {},
  examples: ["deno task test"],
});

/** See {@linkcode Task}. */
export const AUDIT = defineTask({
  name: "audit",
  summary: "asks the registry of npm for known faults of the locked packages",
  usage: "",
  notes: ["It is `deno audit` itself, which has its own help."],
  options: {},
  examples: ["deno task audit"],
});

/** See {@linkcode Task}. */
export const HELP = defineTask({
  name: "help",
  summary: "lists the tasks, or explains one",
  usage: "[TASK]",
  words: { value: "TASK", most: 1 },
  options: {},
  examples: ["deno task help", "deno task help generate"],
});

/** See {@linkcode Task}. */
export const COMPLETION = defineTask({
  name: "completion",
  summary: "writes what makes a shell complete tasks, options and their values",
  usage: "bash|zsh|fish",
  notes: [
    'In ~/.bashrc: source <(cd /path/to/immersic && deno task --quiet completion bash). In ~/.zshrc, after compinit: the same with zsh. For fish: deno task --quiet completion fish > ~/.config/fish/completions/immersic.fish. It completes "deno task" inside the folder of the project, and leaves all else as it is.',
  ],
  words: { value: "SHELL", most: 1, choices: ["bash", "zsh", "fish"] },
  options: {},
  examples: ["deno task completion bash"],
});
