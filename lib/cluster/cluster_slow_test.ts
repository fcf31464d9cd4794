// deno-lint-ignore-file no-console -- says why a test is ignored
import assert from "node:assert/strict";
import { dirname, fromFileUrl, join } from "@std/path";
import { PROJECT_FOLDER, STARTER_FOLDER } from "../base/base.ts";
import { clusterPython } from "../bench/python.ts";
import { copyMidiFiles, runProgram, withPlace } from "../commands/testing.ts";
import { TEXT } from "../corpus/testing.ts";

const BIN = join(PROJECT_FOLDER, ".venv-cluster", "bin");
const ownFile = (name: string) =>
  fromFileUrl(new URL(`./${name}`, import.meta.url));

/** So that workers run the Deno that runs this. */
const ENV = {
  PATH: `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}`,
};

const hasDask = Deno.build.os !== "windows" && await clusterPython(
  console.log,
).then(() => true, ({ message }) => {
  console.log(`preprocess_dask.py is not tested here. ${message}`);
  return false;
});

/** Runs a program to its end; returns what it wrote to stdout. */
async function output(command: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args })
    .output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert(success, `${command} ${args.join(" ")}: ${text(stderr)}`);
  return text(stdout);
}

/** Waits until a process reads a shard; undefined if there is none to the end. */
async function shardProcess(
  out: string,
  isWanted: (pid: number) => Promise<boolean> | boolean,
  ending: Promise<unknown>,
): Promise<{ pid: number; parent: number } | undefined> {
  let ended = false;
  ending.then(() => ended = true);
  while (!ended) {
    const lines = await output("ps", "-Ao", "pid=,ppid=,args=");
    for (const line of lines.split("\n")) {
      const [, pid, parent, args] = line.match(/^ *(\d+) +(\d+) (.*)/) ?? [];
      if (!args?.includes(`--out ${out}/parts/`)) continue;
      if (await isWanted(Number(pid))) {
        return { pid: Number(pid), parent: Number(parent) };
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return undefined;
}

/** A folder of 40 files: two are the same, one is none. */
async function makeMidiFolder(folder: string): Promise<void> {
  const names = await copyMidiFiles(STARTER_FOLDER, folder, 38);
  await Deno.copyFile(join(folder, names[3]!), join(folder, "copy.mid"));
  await Deno.writeFile(join(folder, "broken.mid"), TEXT);
}

/** Holds the folder of a shard, as the process of a worker that was lost does. */
async function holdFolder(folder: string): Promise<Deno.FsFile> {
  await Deno.mkdir(folder, { recursive: true });
  const file = await Deno.open(join(folder, "readings.bin"), {
    create: true,
    write: true,
  });
  await file.lock(true);
  return file;
}

/** Asserts that two folders hold the same corpus, byte for byte. */
async function assertSame(one: string, other: string): Promise<void> {
  for (const name of ["manifest.json", "vocabulary.json", "tokens.bin"]) {
    assert.deepEqual(
      await Deno.readFile(join(one, name)),
      await Deno.readFile(join(other, name)),
      name,
    );
  }
}

/**
 * Preprocesses by Dask, with something that happens in mid-run and a shard's folder
 * held, and asserts that the corpus is that of the plain command.
 *
 * @param dask What comes before the shards on the command line.
 * @param happening Called with the corpus's folder.
 * @returns What Dask wrote to stderr.
 */
async function assertSameThrough(
  dask: readonly string[],
  happening: (out: string, ending: Promise<unknown>) => Promise<void>,
): Promise<string> {
  let log = "";
  await withPlace(async (place) => {
    const midi = join(place, "midi"), plain = join(place, "plain");
    const out = join(place, "out");
    await makeMidiFolder(midi);
    const held = join(out, "parts", "2-of-6");
    using _file = await holdFolder(held);
    const [command = "", ...args] = dask;
    const ending = new Deno.Command(command, {
      args: [...args, "--shards", "6", "--midi", midi, "--out", out],
      env: ENV,
    }).output();
    await happening(out, ending);
    const { code, stderr } = await ending;
    log = new TextDecoder().decode(stderr);
    assert.equal(code, 0, log);
    await runProgram("preprocess", "--midi", midi, "--out", plain);
    await assertSame(out, plain);
    await assert.rejects(Deno.stat(join(held, "part.json")));
  });
  return log;
}

Deno.test({
  name:
    "preprocess_dask.py leaves what preprocess leaves, though a worker is killed",
  ignore: !hasDask,
  async fn() {
    const log = await assertSameThrough(
      [join(BIN, "python"), ownFile("preprocess_dask.py"), "--local", "2"],
      async (out, ending) => {
        const shard = await shardProcess(out, () => true, ending);
        if (shard !== undefined) Deno.kill(shard.parent, "SIGKILL");
      },
    );
    assert.match(log, /killed by signal 9|restart/i);
  },
});

Deno.test({
  name:
    "preprocess_dask.py leaves what preprocess leaves, though a host is cut off",
  // Needs root and Linux, and waits 15 seconds for the host.
  ignore: !hasDask || Deno.env.get("IMMERSIC_TWO_HOSTS") === undefined,
  async fn() {
    await using hosts = await TwoHosts.start();
    await assertSameThrough(
      [
        ...hosts.run("a", join(BIN, "python"), ownFile("preprocess_dask.py")),
        ...["--scheduler", hosts.scheduler],
      ],
      async (out, ending) => {
        const isOnB = async (pid: number) =>
          (await output("ip", "netns", "identify", `${pid}`)).trim() ===
            hosts.nameOf("b");
        const shard = await shardProcess(out, isOnB, ending);
        assert(shard, "no shard ran on the second host");
        await hosts.cut();
      },
    );
  },
});

/** Two network namespaces with a cable between: a scheduler in a, a worker in each. */
class TwoHosts {
  readonly scheduler = "tcp://10.77.7.1:8786";
  readonly #name = `immersic-${Deno.pid}-`;
  readonly #processes: Deno.ChildProcess[] = [];

  nameOf(host: "a" | "b"): string {
    return this.#name + host;
  }

  /** A command line that runs another one on a host. */
  run(host: "a" | "b", ...command: string[]): string[] {
    return ["ip", "netns", "exec", this.nameOf(host), ...command];
  }

  static async start(): Promise<TwoHosts> {
    const hosts = new TwoHosts();
    const ip = (...args: string[]) => output("ip", ...args);
    for (const host of ["a", "b"] as const) {
      await ip("netns", "add", hosts.nameOf(host));
      await ip("-n", hosts.nameOf(host), "link", "set", "lo", "up");
    }
    await ip(
      ...["-n", hosts.nameOf("a"), "link", "add", "cable", "type", "veth"],
      ...["peer", "name", "cable", "netns", hosts.nameOf("b")],
    );
    for (const [i, host] of (["a", "b"] as const).entries()) {
      const name = hosts.nameOf(host);
      await ip(
        "-n",
        name,
        "addr",
        "add",
        `10.77.7.${i + 1}/24`,
        "dev",
        "cable",
      );
      await ip("-n", name, "link", "set", "cable", "up");
    }
    hosts.#begin("a", "scheduler", "--host", "10.77.7.1", "--no-dashboard");
    for (const [i, host] of (["a", "b"] as const).entries()) {
      hosts.#begin(
        host,
        ...["worker", hosts.scheduler, "--nthreads", "1", "--no-dashboard"],
        ...["--host", `10.77.7.${i + 1}`],
      );
    }
    return hosts;
  }

  #begin(host: "a" | "b", ...args: string[]): void {
    const [command = "", ...rest] = this.run(host, join(BIN, "dask"), ...args);
    this.#processes.push(
      new Deno.Command(command, {
        args: rest,
        env: {
          ...ENV,
          DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT: "90s",
          // Dask refuses less than 11 seconds.
          DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP: "12s",
        },
        stdout: "null",
        stderr: "null",
      }).spawn(),
    );
  }

  /** Cuts the cable. */
  async cut(): Promise<void> {
    await output("ip", "-n", this.nameOf("a"), "link", "set", "cable", "down");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const host of ["a", "b"] as const) {
      // A worker that is cut off would take minutes to end when it is asked.
      const pids = await output("ip", "netns", "pids", this.nameOf(host));
      for (const pid of pids.trim().split("\n")) {
        if (pid !== "") Deno.kill(Number(pid), "SIGKILL");
      }
      await output("ip", "netns", "del", this.nameOf(host));
    }
    await Promise.all(this.#processes.map(({ status }) => status));
  }
}

/** Tests of a file by a tool that is only there where someone installed it. */
function testFile(file: string, tool: string, ...args: string[]): void {
  Deno.test(`${file} passes ${tool}`, async () => {
    const path = join(BIN, tool);
    if (await Deno.stat(path).then(() => true, () => false)) {
      await output(path, ...args, ownFile(file));
    } else {
      console.warn(
        `${file} is not checked: ${tool} is not installed. Run .venv-cluster/bin/pip install -r lib/cluster/requirements-checks.txt`,
      );
    }
  });
}

testFile("slurm_shards.sh", "shellcheck");
testFile("kubernetes_shards.yaml", "kubernetes-validate", "--strict");
testFile("kubernetes_merge.yaml", "kubernetes-validate", "--strict");
testFile("slurm_train.sh", "shellcheck");
testFile("kubernetes_train.yaml", "kubernetes-validate", "--strict");
