/** Installs all machine code of the project where it can be executed. */
import { backwardCode, forwardCode } from "./cells.ts";
import { type CodeAddress, install, whyNoMachineCode } from "./machine.ts";
import { packingCode } from "./packing.ts";
import { productCode } from "./product.ts";
import { rowProductCode, rowSumCode } from "./rows.ts";

/** Addresses of the functions. */
export interface MachineCode {
  readonly product: CodeAddress;
  readonly packBAndSum: CodeAddress;
  readonly lstmForward: CodeAddress;
  readonly lstmBackward: CodeAddress;
  readonly rowProduct: CodeAddress;
  readonly rowSum: CodeAddress;
}

let found: { code?: MachineCode; reason?: string } | undefined;

/**
 * Installs the machine code, once per process.
 *
 * @returns The code, or why it cannot run here, as half a sentence.
 */
export function machineCode(): { code?: MachineCode; reason?: string } {
  if (found) return found;
  const reason = whyNoMachineCode();
  if (reason !== undefined) return found = { reason };
  return found = {
    code: {
      product: install(productCode()),
      packBAndSum: install(packingCode()),
      lstmForward: install(forwardCode()),
      lstmBackward: install(backwardCode()),
      rowProduct: install(rowProductCode()),
      rowSum: install(rowSumCode()),
    },
  };
}
