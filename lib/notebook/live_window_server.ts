/**
 * The process behind a live window. It runs nodeplotlib's web server, reads the curves
 * to show from standard input, one version per line as JSON, and ends when standard
 * input does. `live_window.ts` starts it; nothing imports it.
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
// Otherwise the server would keep the process alive.
Deno.exit(0);
