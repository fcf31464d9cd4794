import assert from "node:assert/strict";
import { Assembler, at, CONDITION, Label, R } from "./assembler.ts";

/** Bytes that GNU objdump 2.40 reads as the text. */
const INSTRUCTIONS: [
  text: string,
  emit: (asm: Assembler) => void,
  bytes: string,
][] = [
  ["push r12", (asm) => asm.push(R.r12), "41 54"],
  ["pop rbx", (asm) => asm.pop(R.rbx), "5b"],
  ["mov r12,[rdi+0]", (asm) => asm.move(R.r12, at(R.rdi)), "4c 8b 67 00"],
  ["mov r8,rax", (asm) => asm.move(R.r8, R.rax), "4c 8b c0"],
  [
    "mov [rdi+0x88],rax",
    (asm) => asm.moveTo(at(R.rdi, 0x88), R.rax),
    "48 89 87 88 00 00 00",
  ],
  [
    "lea r8,[r8+r13*4+0]",
    (asm) => asm.address(R.r8, { base: R.r8, index: R.r13, scale: 4 }),
    "4f 8d 44 a8 00",
  ],
  ["add r9,[rdi+0x48]", (asm) => asm.add(R.r9, at(R.rdi, 72)), "4c 03 4f 48"],
  ["add rsi,-8", (asm) => asm.addConstant(R.rsi, -8), "48 81 c6 f8 ff ff ff"],
  [
    "cmp rbx,6",
    (asm) => asm.compareConstant(R.rbx, 6),
    "48 81 fb 06 00 00 00",
  ],
  [
    "prefetchw [r14+r11*2+64]",
    (asm) =>
      asm.prefetch({ base: R.r14, index: R.r11, scale: 2, displacement: 64 }),
    "4b 0f 0d 4c 5e 40",
  ],
  [
    "prefetcht0 [rcx+0x40]",
    (asm) => asm.prefetchNear(at(R.rcx, 64)),
    "48 0f 18 49 40",
  ],
  ["xor rax,rax", (asm) => asm.clear(R.rax), "48 33 c0"],
  ["ret", (asm) => asm.return(), "c3"],
  [
    "vmovups ymm1,[rax+r13*2+0]",
    (asm) => asm.load(1, { base: R.rax, index: R.r13, scale: 2 }),
    "c4 a1 7c 10 4c 68 00",
  ],
  [
    "vmovups [r14+0],ymm9",
    (asm) => asm.store(at(R.r14), 9),
    [
      "c4 41 7c 11 4e 00",
    ].join(),
  ],
  [
    "vbroadcastss ymm15,[rax+4]",
    (asm) => asm.broadcast(15, at(R.rax, 4)),
    "c4 62 7d 18 78 04",
  ],
  [
    "vfmadd231ps ymm0,ymm14,ymm12",
    (asm) => asm.vector("vfmadd231ps", 0, 14, 12),
    "c4 c2 0d b8 c4",
  ],
  [
    "vmaskmovps [rcx+0x20],ymm12,ymm3",
    (asm) => asm.storeMasked(at(R.rcx, 32), 12, 3),
    "c4 e2 1d 2e 59 20",
  ],
  [
    "vunpckhpd ymm1,ymm6,ymm8",
    (asm) => asm.vector("vunpckhpd", 1, 6, 8),
    "c4 c1 4d 15 c8",
  ],
  [
    "vextractf128 [rdx+0x60],ymm0,1",
    (asm) => asm.storeUpperFour(at(R.rdx, 96), 0),
    "c4 e3 7d 19 42 60 01",
  ],
  [
    "vmovhps [rdx+0x28],xmm10",
    (asm) => asm.storeTwo(at(R.rdx, 40), 10, true),
    "c4 61 78 17 52 28",
  ],
  [
    "vfmadd213ps ymm3,ymm0,[rdi+0x90]",
    (asm) => asm.vector("vfmadd213ps", 3, 0, at(R.rdi, 0x90)),
    "c4 e2 7d a8 9f 90 00 00 00",
  ],
  [
    "vdivps ymm9,ymm1,ymm3",
    (asm) => asm.vector("vdivps", 9, 1, 3),
    "c4 61 74 5e cb",
  ],
  [
    "vpaddd ymm3,ymm3,ymm1",
    (asm) => asm.vector("vpaddd", 3, 3, 1),
    "c4 e1 65 fe d9",
  ],
  [
    "vpslld ymm1,ymm1,23",
    (asm) => asm.shiftLeft(1, 1, 23),
    "c4 e1 75 72 f1 17",
  ],
  ["vzeroupper", (asm) => asm.zeroUpper(), "c5 f8 77"],
];

for (const [text, emit, bytes] of INSTRUCTIONS) {
  Deno.test(`Assembler encodes ${text}`, () => {
    const asm = new Assembler();
    emit(asm);
    const code = Array.from(
      asm.code(),
      (byte) => byte.toString(16).padStart(2, "0"),
    );
    assert.equal(code.join(" "), bytes);
  });
}

Deno.test("Assembler.jump() reaches labels before and after it", () => {
  const asm = new Assembler();
  const after = new Label();
  const before = asm.here();
  asm.jump(after, CONDITION.equal); // 6 bytes
  asm.jump(before); // 5 bytes
  asm.set(after);
  assert.deepEqual([...asm.code()], [
    ...[0x0f, 0x84, 5, 0, 0, 0],
    ...[0xe9, 0xf5, 0xff, 0xff, 0xff],
  ]);
});
