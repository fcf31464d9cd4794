import assert from "node:assert/strict";

Deno.test("machineCode() says why there is none, without a prompt, where Deno may not call foreign functions", async () => {
  const module = new URL("./code.ts", import.meta.url).href;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-"],
    cwd: new URL(".", import.meta.url),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const script = new Blob([`
    import { machineCode } from ${JSON.stringify(module)};
    console.log(machineCode().reason);
  `]);
  await script.stream().pipeTo(child.stdin);
  const { stdout } = await child.output();
  const expected = Deno.build.os === "linux" && Deno.build.arch === "x86_64"
    ? /--allow-ffi/
    : /it is for Linux on x86-64/;
  assert.match(new TextDecoder().decode(stdout), expected);
});
