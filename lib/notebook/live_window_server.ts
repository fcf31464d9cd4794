/**
 * The process behind a live window: runs nodeplotlib's web server, takes the
 * curves to show as one JSON line each on standard input, and ends with it.
 * Only ever started by `live_window.ts`, never imported.
 */
import { type Layout, type Plot, plot } from "nodeplotlib";
import { BehaviorSubject } from "rxjs";

const traces = new BehaviorSubject<Plot[]>([]);
const layout: Layout = {
  title: Deno.args[0] ?? "Loss",
  xaxis: { title: "epoch" },
  yaxis: { title: "nats per token" },
};
plot(traces, layout);

const decoder = new TextDecoder();
let text = "";
for await (const chunk of Deno.stdin.readable) {
  const lines = (text + decoder.decode(chunk, { stream: true })).split("\n");
  text = lines.pop()!;
  const last = lines.at(-1);
  if (last) traces.next(JSON.parse(last));
}
// The server would keep the process alive.
Deno.exit(0);
