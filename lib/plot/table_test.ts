import assert from "node:assert/strict";
import { table } from "./table.ts";

Deno.test("table() aligns numbers and escapes text", () => {
  const figures = table(
    [{ model: "a <b>", nats: 5.4123, best: false }, {
      model: "LSTM",
      nats: null,
      best: true,
    }],
    ["model", { key: "nats", label: "nats/token", digits: 2 }, "best"],
    { caption: "Held out" },
  );
  assert.equal(
    figures.text,
    [
      "Held out",
      "model  nats/token  best",
      "a <b>        5.41  no",
      "LSTM            –  yes",
    ].join("\n"),
  );
  assert.match(figures.html, /<th scope="col" align="right"[^>]*>nats\/token</);
  assert.match(figures.html, /<td align="left"[^>]*>a &#60;b&#62;<\/td>/);
});

Deno.test("table() says how many rows it leaves out", () => {
  const rows = Array.from({ length: 70 }, (_, i) => ({ file: `${i}.mid` }));
  const { text, html } = table(rows);
  assert.equal(text.split("\n").length, 62);
  assert.ok(text.endsWith("… and 10 more rows"));
  assert.ok(html.endsWith("<p>… and 10 more rows</p>"));
});

Deno.test("table() sets the words of a key apart, but not those of a label", () => {
  const rows = [{ duplicateOf: "a.mid", UPPER: 1, heldOut: 2 }];
  const columns = ["duplicateOf", "UPPER", {
    key: "heldOut",
    label: "heldOut",
  }];
  assert.equal(
    table(rows, columns).text.split("\n")[0],
    "duplicate of  UPPER  heldOut",
  );
});
