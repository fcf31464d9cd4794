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

/** Bytes that GNU as 2.40 makes of the text, of vectors of 512 bits. */
const WIDE: typeof INSTRUCTIONS = [
  [
    "vmovups zmm1,[rax+r13*2+0x40]",
    (asm) =>
      asm.load(1, { base: R.rax, index: R.r13, scale: 2, displacement: 64 }),
    "62 b1 7c 48 10 4c 68 01",
  ],
  [
    "vmovups zmm31,[rdi+0x8]",
    (asm) => asm.load(31, at(R.rdi, 8)),
    "62 61 7c 48 10 bf 08 00 00 00",
  ],
  [
    "vmovups [r14+0x80],zmm25",
    (asm) => asm.store(at(R.r14, 128), 25),
    "62 41 7c 48 11 4e 02",
  ],
  ["vmovups zmm20,zmm4", (asm) => asm.copy(20, 4), "62 e1 7c 48 10 e4"],
  [
    "vptestmd k1,zmm17,zmm17; vmovups [rcx+0x40]{k1},zmm19",
    (asm) => asm.storeMasked(at(R.rcx, 64), 17, 19),
    "62 b2 75 40 27 c9 62 e1 7c 49 11 59 01",
  ],
  [
    "vbroadcastss zmm3,[rax+0x34]",
    (asm) => asm.broadcast(3, at(R.rax, 52)),
    "62 f2 7d 48 18 58 0d",
  ],
  [
    "vfmadd231ps zmm30,zmm3,zmm1",
    (asm) => asm.vector("vfmadd231ps", 30, 3, 1),
    "62 62 65 48 b8 f1",
  ],
  [
    "vfmadd231ps zmm18,zmm0,[rax+0x34]{1to16}",
    (asm) => asm.addMultiple(18, 0, at(R.rax, 52)),
    "62 e2 7d 58 b8 50 0d",
  ],
  [
    "vfmadd213ps zmm3,zmm0,[rdi+0x240]",
    (asm) => asm.vector("vfmadd213ps", 3, 0, at(R.rdi, 0x240)),
    "62 f2 7d 48 a8 5f 09",
  ],
  [
    "vmovups ymm1,[rdx+r9*2+0x20]",
    (asm) =>
      asm.loadEight(1, {
        base: R.rdx,
        index: R.r9,
        scale: 2,
        displacement: 32,
      }),
    "c4 a1 7c 10 4c 4a 20",
  ],
  [
    "vinsertf64x4 zmm1,zmm1,[rdx+r13*1+0x20],1",
    (asm) =>
      asm.loadUpperEight(1, { base: R.rdx, index: R.r13, displacement: 32 }),
    "62 b3 f5 48 1a 4c 2a 01 01",
  ],
  [
    "vshuff32x4 zmm16,zmm1,zmm5,0x88",
    (asm) => asm.lanes(16, 1, 5, "even"),
    "62 e3 75 48 23 c5 88",
  ],
  [
    "vshuff32x4 zmm31,zmm27,zmm15,0xdd",
    (asm) => asm.lanes(31, 27, 15, "odd"),
    "62 43 25 40 23 ff dd",
  ],
  [
    "vunpcklps zmm16,zmm0,zmm1",
    (asm) => asm.vector("vunpcklps", 16, 0, 1),
    "62 e1 7c 48 14 c1",
  ],
  [
    "vunpckhpd zmm3,zmm16,zmm18",
    (asm) => asm.vector("vunpckhpd", 3, 16, 18),
    "62 b1 fd 40 15 da",
  ],
  [
    "vmulps zmm0,zmm0,[r10+r11*4+0x1000]",
    (asm) =>
      asm.vector("vmulps", 0, 0, {
        base: R.r10,
        index: R.r11,
        scale: 4,
        displacement: 0x1000,
      }),
    "62 91 7c 48 59 44 9a 40",
  ],
  [
    "vsubps zmm12,zmm28,[rsi-0x1fc0]",
    (asm) => asm.vector("vsubps", 12, 28, at(R.rsi, -0x1fc0)),
    "62 71 1c 40 5c 66 81",
  ],
  [
    "vdivps zmm9,zmm1,zmm3",
    (asm) => asm.vector("vdivps", 9, 1, 3),
    "62 71 74 48 5e cb",
  ],
  [
    "vmaxps zmm0,zmm1,zmm0",
    (asm) => asm.vector("vmaxps", 0, 1, 0),
    "62 f1 74 48 5f c0",
  ],
  [
    "vpaddd zmm3,zmm3,zmm1",
    (asm) => asm.vector("vpaddd", 3, 3, 1),
    "62 f1 65 48 fe d9",
  ],
  [
    "vpslld zmm1,zmm1,23",
    (asm) => asm.shiftLeft(1, 1, 23),
    "62 f1 75 48 72 f1 17",
  ],
  ["vpxord zmm31,zmm31,zmm31", (asm) => asm.zero(31), "62 01 05 40 ef ff"],
];

for (
  const [instructions, vectorBytes] of [[INSTRUCTIONS, 32], [WIDE, 64]] as const
) {
  for (const [text, emit, bytes] of instructions) {
    Deno.test(`Assembler encodes ${text}`, () => {
      const asm = new Assembler(vectorBytes);
      emit(asm);
      const code = Array.from(
        asm.code(),
        (byte) => byte.toString(16).padStart(2, "0"),
      );
      assert.equal(code.join(" "), bytes);
    });
  }
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
