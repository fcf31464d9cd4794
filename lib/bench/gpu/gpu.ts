// deno-lint-ignore-file no-console -- also a program, see below
/**
 * Training steps on a graphics card: each engine that works here, and PyTorch with
 * cuDNN on the same card, in turn. Where PyTorch finds no card everything runs on
 * the CPU with small networks: that shows that the benchmark works, and nothing
 * else.
 *
 * It imports no package, so that it runs by itself on a machine with a card and no
 * network: `deno run -A --no-check lib/bench/gpu/gpu.ts PYTHON`, where PYTHON is one that
 * has PyTorch.
 */
import { fromFileUrl } from "@std/path";
import { chooseEngine, type EngineName } from "../../engines/engines.ts";
import { Peer } from "../peer.ts";
import { lossDifference, ratioOf, takeTurns, type Turns } from "../turns.ts";

/** How long it may take, and what with. */
export interface GpuOptions {
  /** A Python that has PyTorch. */
  readonly python: string;
  /** Rounds end after so many minutes. @default 8 */
  readonly minutes?: number;
}

// TensorFlow first: it cannot be loaded beside a graphics adapter in software.
const ENGINES: readonly EngineName[] = ["tensorflow", "webgpu", "native"];

/** The networks, on a card and without one. */
const SIZES = {
  card: {
    original: { units: 128, steps: 32, classes: 223 },
    large: { units: 512, steps: 100, classes: 223 },
  },
  cpu: {
    original: { units: 16, steps: 8, classes: 23 },
    large: { units: 24, steps: 10, classes: 23 },
  },
} as const;

/**
 * Measures both networks. A ratio is undefined where there is no card or the
 * engine does not work here.
 */
export async function benchGpu(
  { python, minutes = 8 }: GpuOptions,
  progress: (text: string) => void,
): Promise<Record<string, unknown>> {
  const begun = performance.now();
  const script = fromFileUrl(new URL("../peers.py", import.meta.url));
  const probe = await new Deno.Command(python, {
    args: ["-c", "import torch; print(torch.cuda.is_available())"],
  }).output();
  const answer = new TextDecoder().decode(probe.stdout).trim();
  if (!probe.success) {
    throw new Error(
      `Cannot measure PyTorch: ${python} does not import torch (${
        new TextDecoder().decode(probe.stderr).trim().split("\n").at(-1)
      }).`,
    );
  }
  const hasCard = answer === "True", device = hasCard ? "cuda" : "cpu";
  const sizes = SIZES[hasCard ? "card" : "cpu"];
  const results: Record<string, Turns> = {};
  let version = "";
  for (const [i, [name, size]] of Object.entries(sizes).entries()) {
    progress(`the ${name} network, on ${device}`);
    const { units, steps, classes } = size;
    const args = [script, "torch", units, steps, classes, device].map(String);
    await using torch = await Peer.start("PyTorch", python, args);
    version = torch.version;
    const until = begun + (i + 1) / 2 * 60_000 * minutes;
    results[name] = await takeTurns(size, {
      ...{ engines: ENGINES, peers: { pytorch: torch } },
      ...{ onlyCards: hasCard, until },
    });
  }
  const { original, large } = results;
  const ratio = (turns: Turns | undefined, engine: EngineName) =>
    hasCard && turns ? ratioOf(turns, engine, "pytorch") : undefined;
  return {
    device,
    webgpu_vs_pytorch_gpu: ratio(original, "webgpu"),
    tensorflow_vs_pytorch_gpu: ratio(original, "tensorflow"),
    native_vs_pytorch_gpu: ratio(original, "native"),
    large_webgpu_vs_pytorch_gpu: ratio(large, "webgpu"),
    large_tensorflow_vs_pytorch_gpu: ratio(large, "tensorflow"),
    large_native_vs_pytorch_gpu: ratio(large, "native"),
    engines: await devices(),
    pytorch: version,
    ...Object.fromEntries(
      Object.entries(results).map(([name, turns]) => [name, summary(turns)]),
    ),
    seconds: (performance.now() - begun) / 1000,
  };
}

/** What was measured, with how far the losses of engines are apart. */
function summary({ losses, ...turns }: Turns) {
  const apart = (engine: EngineName) =>
    lossDifference({ losses, ...turns }, engine);
  return {
    ...turns,
    webgpuLossDifference: apart("webgpu"),
    tensorflowLossDifference: apart("tensorflow"),
  };
}

/** What each engine computes on. */
async function devices(): Promise<Record<string, string>> {
  const entries = ENGINES.map(async (name) =>
    [
      name,
      await chooseEngine(name).then(
        ({ device }) => device,
        ({ message }) => message,
      ),
    ] as const
  );
  return Object.fromEntries(await Promise.all(entries));
}

if (import.meta.main) {
  const [python = "python3"] = Deno.args;
  console.log(JSON.stringify(await benchGpu({ python }, console.error)));
}
