#!/usr/bin/env bash
# An object literal with a getter gives V8 15.0 (Deno 2.9.6) a dictionary each time.
#
# Objects of one literal, `{ a: 1, b: 2 }`, share a hidden class, and reading a
# property is one load. With an accessor, `{ a: 1, get b() { … } }`, each evaluation
# makes another function, the accessors of two objects differ, and V8 keeps every such
# object as a dictionary. All its properties are then looked up by hashing, also `a`. The same accessor set by Object.defineProperty from one shared
# function leaves the objects fast.
#
# Why it matters: a getter in a literal is the usual way to make one property lazily.
# Here a piece of music made its list of notes so; a function that only read other
# properties was compiled and thrown away 36 times for 909 files.
#
# Expected: fast objects from both. Seen: only from the shared function.
# Exits 0 while it is as stated, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/getter.js" <<'JS'
const shared = { enumerable: true, configurable: true, get: () => 1 };
const makers = {
  "getter in a literal": () => ({ a: 1, get b() { return 1; } }),
  "shared function": () => Object.defineProperty({ a: 1 }, "b", shared),
};
const seen = Object.entries(makers).map(([name, make]) => {
  const objects = Array.from({ length: 1000 }, make);
  const fast = objects.filter((object) => %HasFastProperties(object)).length;
  console.log(`${name}: ${fast} of ${objects.length} objects are fast`);
  return fast;
});
console.log(`V8 ${Deno.version.v8}`);
Deno.exit(seen.join() === "0,1000" ? 0 : 1);
JS
npx -y deno@2.9.6 run --no-check --v8-flags=--allow-natives-syntax \
  "$folder/getter.js"
