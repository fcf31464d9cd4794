#!/usr/bin/env bash
# `deno fmt` 2.9.6 takes `for (const of of [1, 2])` for a loop without a variable.
#
# `of` is an identifier, and `for (const of of [1, 2])` runs: it binds `of` to 1 and 2.
# The parser of the formatter and the linter reads `of [1, 2]` as an element of `of`, and
# an empty list of variables before it. `deno fmt` writes `for (const  of of[1, 2])`, and
# `deno lint` warns of a "SyntaxError: Variable declaration list cannot be empty" where
# there is none, and ends with status 0. With a name in place of the array, as in
# `of of list`, both are right.
#
# Why it matters: a field that is called `of` is unpacked under its name; the loop then
# looks broken in the source, and is not.
#
# Expected: `for (const of of [1, 2])`, and no warning. Seen: as above.
# Exits 0 while it is as stated, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'for (const of of [1, 2]) console.log(of);' > a.ts
deno() { npx -y deno@2.9.6 "$@"; }
[ "$(deno run a.ts | tr '\n' ' ')" = "1 2 " ] || { echo "It does not run."; exit 1; }
deno fmt --quiet a.ts
cat a.ts
deno lint a.ts 2>&1 | tee lint.txt
grep -q 'const  of of\[' a.ts && grep -q "cannot be empty" lint.txt
