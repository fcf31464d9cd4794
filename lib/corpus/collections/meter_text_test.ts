import assert from "node:assert/strict";
import { meterOf } from "./meter_text.ts";

const shown = (cell: string) => {
  const meter = meterOf(cell);
  return meter &&
    `${meter.numerator}/${meter.denominator}${meter.isDate ? " date" : ""}`;
};

Deno.test("meterOf() reads meters as collections write them", () => {
  assert.deepEqual(
    ["4-4", "3/4", " 6:8 ", "12-8", "5_8"].map(shown),
    ["4/4", "3/4", "6/8", "12/8", "5/8"],
  );
});

Deno.test("meterOf() reads the dates that spreadsheets make of meters", () => {
  const cells: [string, string][] = [
    ["04월 04일", "4/4"],
    ["03월 04일", "3/4"],
    ["6월 8일", "6/8"],
    ["05월 08일", "5/8"],
    ["4-Apr", "4/4"],
    ["Apr-04", "4/4"],
    ["4-Mar", "3/4"],
    ["8-Jun", "6/8"],
    ["May 4", "5/4"],
    ["2024-04-04", "4/4"],
    ["2024-04-04 00:00:00", "4/4"],
    ["04/03/2024", "3/4"],
    ["3/4/2024", "3/4"],
  ];
  for (const [cell, meter] of cells) {
    assert.equal(shown(cell), `${meter} date`, cell);
  }
});

Deno.test("meterOf() gives nothing where no meter is said", () => {
  for (const cell of ["", "4", "fast", "4-5", "3-3", "0-4", "45385"]) {
    assert.equal(shown(cell), undefined, cell);
  }
});
