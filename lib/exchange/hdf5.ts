/**
 * HDF5, as Keras keeps weights in it: by h5wasm, the HDF Group's library in
 * WebAssembly, whose files are in memory.
 */

import type { Attribute, Dataset, File as Hdf5, Group } from "h5wasm";
import {
  checkedShape,
  ExchangeError,
  type Tensor,
  told,
} from "./file_model.ts";

/** How every HDF5 file begins. */
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** What of a layer its arrays are, in Keras's order. */
const PARTS = { lstm: ["kernel", "recurrent_kernel", "bias"] } as const;
const PLAIN_PARTS = ["kernel", "bias"] as const;

/**
 * Where Keras 3 keeps a weight: layers are named by their class, counted, and not by
 * their own name.
 */
export function pathOf(name: string): string {
  const [layer = "", part = ""] = name.split("/");
  const isLstm = layer.startsWith("lstm");
  const index = (isLstm ? PARTS.lstm : PLAIN_PARTS).findIndex((one) =>
    one === part
  );
  return `layers/${layer}${isLstm ? "/cell" : ""}/vars/${index}`;
}

let count = 0;

/** Calls a function on an HDF5 file in the library's memory. */
async function withFile<T>(
  mode: "r" | "w",
  bytes: Uint8Array | undefined,
  use: (file: Hdf5) => T,
): Promise<{ result: T; bytes: Uint8Array }> {
  const { default: h5wasm } = await import("h5wasm");
  const { FS, activate_throwing_error_handler: throwErrors } = await h5wasm
    .ready;
  throwErrors(); // it would print them
  const path = `/${count++}.h5`;
  if (bytes) FS.writeFile(path, bytes);
  try {
    const file = new h5wasm.File(path, mode);
    let result: T;
    try {
      result = use(file);
    } finally {
      file.close();
    }
    return { result, bytes: FS.readFile(path) };
  } finally {
    FS.unlink(path);
  }
}

/** Arrays of an HDF5 file, by their paths. */
export interface Hdf5Content {
  /** Floats. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Bytes. */
  readonly bytes?: Readonly<Record<string, Uint8Array>>;
}

/** Makes an HDF5 file. */
export async function writeHdf5(
  { tensors, bytes = {} }: Hdf5Content,
): Promise<Uint8Array> {
  const made = await withFile("w", undefined, (file) => {
    const groups = new Set<string>();
    for (const [path, { shape, values }] of tensors) {
      const parts = path.split("/");
      for (let i = 1; i < parts.length; i++) {
        const group = parts.slice(0, i).join("/");
        if (!groups.has(group)) file.create_group(group);
        groups.add(group);
      }
      file.create_dataset({
        name: path,
        data: values,
        shape: [...shape],
        dtype: "<f4",
      });
    }
    for (const [name, data] of Object.entries(bytes)) {
      file.create_dataset({ name, data, dtype: "<B" });
    }
  });
  return made.bytes;
}

/** An HDF5 file that is open. */
export interface Hdf5Reader {
  /**
   * An array of floats; undefined where there is none.
   *
   * @throws {ExchangeError} If it has other values, or more than the file has room for.
   */
  tensor(path: string): Tensor | undefined;
  /** The text in an array of bytes. */
  text(path: string): string | undefined;
  /** An attribute of a group. */
  attribute(path: string, name: string): unknown;
}

/**
 * Reads an HDF5 file.
 *
 * @throws {ExchangeError} If it is none, or damaged.
 */
export async function readHdf5<T>(
  bytes: Uint8Array,
  read: (file: Hdf5Reader) => T,
): Promise<T> {
  const damaged = (why: string) =>
    new ExchangeError(
      `Cannot import the network: ${why}. Was the file cut short?`,
    );
  if (SIGNATURE.some((byte, i) => byte !== bytes[i])) {
    throw damaged(`its ${bytes.length} bytes are no HDF5 file`);
  }
  try {
    const { result } = await withFile("r", bytes, (file) => {
      // All that is read is in the file, and nothing twice: a size that a damaged or
      // hostile file states is not a reason to take memory.
      let left = bytes.length;
      const take = (path: string, stated: Stated) => {
        const size = stated.metadata.size || 1;
        const shape = stated.shape ?? [];
        const count = shape.reduce((product, n) => product * n, 1);
        if (!(count * size <= left)) checkedShape(path, shape, left / size);
        left -= count * size;
        return stated.value;
      };
      const find = finderIn(file);
      return read({
        tensor(path) {
          const found = find(path);
          if (!isDataset(found)) return undefined;
          const { dtype, shape: stated } = found;
          if (dtype !== "<f") {
            throw new ExchangeError(
              `Cannot import the network: "${path}" must be of 32-bit floats, current value is ${
                told(dtype)
              }. Save the model in float32.`,
            );
          }
          const shape = checkedShape(path, stated, left / 4);
          const value = take(path, found);
          if (!(value instanceof Float32Array)) return undefined;
          return { shape: [...shape], values: value };
        },
        text(path) {
          const found = find(path);
          if (!isDataset(found)) return undefined;
          const value = take(path, found);
          return value instanceof Uint8Array
            ? new TextDecoder().decode(value)
            : undefined;
        },
        attribute(path, name) {
          const group = path === "" ? file : find(path);
          const attribute = group?.attrs?.[name];
          return attribute && take(`${path}/${name}`, attribute);
        },
      });
    });
    return result;
  } catch (error) {
    if (error instanceof ExchangeError) throw error;
    throw damaged("its HDF5 cannot be read");
  }
}

type Stated = Pick<Attribute | Dataset, "metadata" | "shape" | "value">;

/**
 * Finds what is at a path, by the names in each group: the library complains on the
 * console of a path that is not there, and its list of all paths has no end where
 * groups contain each other.
 */
function finderIn(file: Hdf5): (path: string) => Found | undefined {
  const names = new Map<string, ReadonlySet<string>>();
  return (path) => {
    let found: Found | undefined = file, at = "";
    for (const part of path.split("/")) {
      if (!isGroup(found)) return undefined;
      if (!names.has(at)) names.set(at, new Set(found.keys()));
      if (!names.get(at)!.has(part)) return undefined;
      at += `/${part}`;
      // Of other kinds, such as links, none has these fields.
      found = file.get(at) as Found ?? undefined;
    }
    return found;
  };
}

type Found = Group | Dataset;

function isGroup(found: Found | undefined): found is Group {
  return found?.type === "Group";
}

function isDataset(found: Found | undefined): found is Dataset {
  return found?.type === "Dataset";
}
