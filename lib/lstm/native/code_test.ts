import assert from "node:assert/strict";
import { CONDITION, functionCode, R } from "./assembler.ts";
import { machineCode, vectorsInUse } from "./code.ts";
import { faster } from "./faster.ts";
import { install } from "./machine.ts";

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

const { code } = machineCode("AVX2");

Deno.test({
  name: "faster() takes the machine code whose product takes less time",
  ignore: !code,
  fn() {
    const slow = functionCode(32, [], (asm) => {
      asm.clear(R.rax);
      asm.addConstant(R.rax, 10_000_000);
      const again = asm.here();
      asm.addConstant(R.rax, -1);
      asm.jump(again, CONDITION.notEqual);
    });
    const slower = { ...code!, product: install(slow) };
    assert.equal(faster(code!, slower), code);
    assert.equal(faster(slower, code!), code);
  },
});

Deno.test({
  name: "machineCode() has the vectors that vectorsInUse() tells",
  ignore: !code,
  fn() {
    const { vectorBytes } = machineCode().code!;
    assert.equal(vectorBytes, vectorsInUse() === "AVX-512" ? 64 : 32);
    assert.equal(code!.vectorBytes, 32);
    const wide = machineCode("AVX-512");
    assert.ok(wide.code?.vectorBytes === 64 || /lacks/.test(wide.reason!));
  },
});
