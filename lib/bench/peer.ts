/**
 * A peer of the benchmarks: another process that runs the same work when told,
 * by lines of JSON.
 */
import { TextLineStream } from "./lines.ts";

/** A peer process. */
export class Peer {
  readonly name: string;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;
  /** What it told of itself when it was ready. */
  version = "";

  private constructor(name: string, process: Deno.ChildProcess) {
    this.name = name;
    this.#process = process;
    this.#input = process.stdin.getWriter();
    this.#lines = process.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream()).getReader();
  }

  /**
   * Starts a peer and waits until it is ready.
   *
   * @param environment Beside this process's own.
   */
  static async start(
    name: string,
    command: string,
    args: readonly string[],
    environment: Record<string, string> = {},
  ): Promise<Peer> {
    const process = new Deno.Command(command, {
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
      env: environment,
    }).spawn();
    const peer = new Peer(name, process);
    peer.version = String((await peer.#answer()).version ?? "");
    return peer;
  }

  async #answer(): Promise<Record<string, unknown>> {
    // Libraries print what they like before; answers begin with a bracket.
    while (true) {
      const { value, done } = await this.#lines.read();
      if (done) {
        throw new Error(
          `Cannot measure ${this.name}: its process ended early.`,
        );
      }
      if (/^[[{]/.test(value)) return JSON.parse(value);
    }
  }

  /** Has it do something, and returns its answer. */
  async ask<T>(command: Record<string, unknown>): Promise<T> {
    const line = new TextEncoder().encode(`${JSON.stringify(command)}\n`);
    await this.#input.write(line);
    return await this.#answer() as T;
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#process.status;
  }
}
