import { assertSameAsAlone, PYTHON, succeeds, whyNoDask } from "./testing.ts";

/** Two network namespaces, each like a host of its own, with a cable between. */
const HOSTS = [
  {
    name: `immersic-a-${Deno.pid}`,
    cable: "immersic-a",
    address: "10.213.7.1",
  },
  {
    name: `immersic-b-${Deno.pid}`,
    cable: "immersic-b",
    address: "10.213.7.2",
  },
] as const;
const [A, B] = HOSTS;
const SCHEDULER = `tcp://${A.address}:18786`;

/** So that a host that is cut off is missed in seconds, not minutes. */
const PATIENCE = {
  DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL: "5s",
  DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP: "12s",
  DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT: "5s",
};

const ip = (...args: string[]) => succeeds("ip", ...args);

async function why(): Promise<string | undefined> {
  if (!Deno.env.has("IMMERSIC_DASK_HOSTS")) {
    return "it takes half a minute and is run where IMMERSIC_DASK_HOSTS=1 is set";
  }
  const noDask = await whyNoDask();
  if (noDask !== undefined) return noDask;
  const canMake = await ip("netns", "add", A.name) &&
    await ip("netns", "del", A.name);
  return canMake ? undefined : "this user cannot make network namespaces";
}

const whyNot = await why();

Deno.test({
  name: whyNot
    ? `preprocess_dask.py is not tested on two hosts: ${whyNot}`
    : "preprocess_dask.py makes the corpus of one machine, though a host is cut off",
  ignore: whyNot !== undefined,
  async fn() {
    const running: Deno.ChildProcess[] = [];
    const dask = (host: string, ...args: string[]) =>
      running.push(
        new Deno.Command("ip", {
          args: [
            "netns",
            "exec",
            host,
            PYTHON,
            "-m",
            "dask",
            ...args,
          ],
          env: { ...PATIENCE, DENO: Deno.execPath() },
          stdout: "null",
          stderr: "null",
        }).spawn(),
      );
    try {
      for (const { name } of HOSTS) {
        await ip("netns", "add", name);
        await ip("-n", name, "link", "set", "lo", "up");
      }
      await ip(
        ...["-n", A.name, "link", "add", A.cable, "type", "veth"],
        ...["peer", "name", B.cable, "netns", B.name],
      );
      for (const { name, cable, address } of HOSTS) {
        await ip("-n", name, "addr", "add", `${address}/24`, "dev", cable);
        await ip("-n", name, "link", "set", cable, "up");
      }
      dask(
        A.name,
        "scheduler",
        "--host",
        A.address,
        "--port",
        "18786",
        "--no-dashboard",
      );
      for (const { name, address } of HOSTS) {
        const worker = ["--host", address, "--nthreads", "1", "--no-nanny"];
        dask(name, "worker", SCHEDULER, ...worker, "--no-dashboard");
      }
      await assertSameAsAlone({
        before: ["ip", "netns", "exec", A.name],
        options: ["--parts", "8", "--scheduler", SCHEDULER],
        harm: async () => {
          await ip("-n", B.name, "link", "set", B.cable, "down");
        },
      });
    } finally {
      for (const child of running) {
        child.kill("SIGKILL");
        await child.status;
      }
      for (const { name } of HOSTS) await ip("netns", "del", name);
    }
  },
});
