/** What makes a shell complete the tasks, their options and values, from the same table. */

import {
  COMMON_OPTIONS,
  flagOf,
  type Option,
  type Options,
  type Task,
} from "./option.ts";
import { TASKS } from "./known/all.ts";

/** Shells that are known. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** What can be completed where a value or a word stands. */
type Kind = readonly string[] | "files" | "runs" | "text";

/** An option in a script. */
interface Flag {
  readonly flag: string;
  /** Undefined where it has no value. */
  readonly kind: Kind | undefined;
  readonly isList: boolean;
  readonly meaning: string;
}

/** A task in a script. */
interface Entry {
  readonly name: string;
  readonly meaning: string;
  readonly words: Kind | undefined;
  readonly flags: readonly Flag[];
}

/**
 * A script for a shell: it completes `deno task …` in the folder of the project, and
 * leaves what else the shell knows of `deno` as it is. Nothing runs to complete a word.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { completionFor } from "immersic/tasks/tasks.ts";
 * assert.match(completionFor("fish"), /-l engine -x -a 'auto native /);
 * ```
 */
export function completionFor(shell: typeof SHELLS[number]): string {
  const entries = TASKS.map(entryOf);
  return { bash, zsh, fish }[shell](entries);
}

function entryOf({ name, summary, words, options }: Task): Entry {
  const all: Options = { ...options, ...COMMON_OPTIONS };
  return {
    name,
    meaning: summary,
    words: name === "help"
      ? TASKS.map(({ name }) => name)
      : words && (words.choices ?? kindOf(words.value)),
    flags: Object.entries(all).map(([name, option]) => ({
      flag: flagOf(name),
      kind: valueKind(option),
      isList: option.is === "list",
      meaning: option.meaning.split(/[.:;](?:\s|$)/)[0]!,
    })),
  };
}

function valueKind(option: Option): Kind | undefined {
  if (option.is === "flag") return undefined;
  if (option.is === "choice") return option.choices;
  return "value" in option ? kindOf(option.value) : "text";
}

function kindOf(value: string): Kind {
  if (value === "RUN") return "runs";
  return /^(?:FILE|FOLDER|PATH)/.test(value) ? "files" : "text";
}

/** A text in single quotes, for bash and zsh. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Branches of a `case` in bash, of which the empty ones are left out. */
function branches(rows: readonly (readonly [string, string])[]): string {
  return rows.filter(([, text]) => text !== "")
    .map(([pattern, text]) => `    ${pattern}) ${text} ;;`).join("\n");
}

function bash(entries: readonly Entry[]): string {
  const ofKind = (kind: Kind | undefined) =>
    kind === "runs"
      ? "_immersic_runs"
      : typeof kind === "object"
      ? `echo ${quoted(kind.join(" "))}`
      : "";
  const values = entries.flatMap(({ name, flags }) =>
    flags.filter(({ kind }) => kind !== undefined).map(({ flag, kind }) =>
      [`${name}${flag}`, ofKind(kind) || "return 1"] as const
    )
  );
  return `# Completes "deno task" in the folder of Immersic.
_immersic_root() {
  local folder=$PWD
  until [[ -z $folder || -f $folder/lib/tasks/completion.ts ]]; do folder=\${folder%/*}; done
  [[ -n $folder ]] && echo "$folder"
}
_immersic_runs() { ls -1 "$(_immersic_root)/checkpoints" 2>/dev/null; }
_immersic_options() {
  case $1 in
${
    branches(entries.map(({ name, flags }) => [
      name,
      `echo ${quoted(flags.map(({ flag }) => flag).join(" "))}`,
    ]))
  }
  esac
}
_immersic_words() {
  case $1 in
${branches(entries.map(({ name, words }) => [name, ofKind(words)]))}
  esac
}
# Values of an option; fails where files or any text may stand.
_immersic_values() {
  case $1$2 in
${branches(values)}
  esac
}
_immersic() {
  local -a words
  read -ra words <<< "\${COMP_LINE:0:COMP_POINT}"
  [[ \${COMP_LINE:0:COMP_POINT} == *[[:space:]] ]] && words+=("")
  local count=\${#words[@]} at=1
  while [[ $at -lt $((count - 1)) && \${words[at]} == -* ]]; do ((at++)); done
  local word=\${words[count-1]} found
  if [[ \${words[at]} != task || $at -ge $((count - 1)) || -z $(_immersic_root) ]]; then
    [[ -n $_immersic_before ]] && $_immersic_before "$@"
    return
  fi
  local task=\${words[at+1]} before=\${words[count-2]} name=
  if [[ $((at + 1)) -eq $((count - 1)) ]]; then
    found=${quoted(entries.map(({ name }) => name).join(" "))}
  elif [[ $word == --*=* ]]; then
    name=\${word%%=*} word=\${word#*=}
    found=$(_immersic_values "$task" "$name") || return
  elif [[ $before == --* && -n $(_immersic_values "$task" "$before" || echo files) ]]; then
    found=$(_immersic_values "$task" "$before") || return
  elif [[ $word == -* ]]; then
    found=$(_immersic_options "$task")
  else
    found=$(_immersic_words "$task")
  fi
  COMPREPLY=($(compgen -W "$found" -- "$word"))
  # Readline takes what stands after a colon for a word of its own.
  if [[ $word == *:* ]]; then COMPREPLY=("\${COMPREPLY[@]#"\${word%:*}:"}"); fi
}
if [[ $(complete -p deno 2>/dev/null) =~ \\ -F\\ ([^ ]+) && \${BASH_REMATCH[1]} != _immersic ]]; then
  _immersic_before=\${BASH_REMATCH[1]}
fi
complete -o default -o bashdefault -F _immersic deno`;
}

function zsh(entries: readonly Entry[]): string {
  const plain = (text: string) => text.replaceAll(/[[\]:\\]/g, "\\$&");
  const ofKind = (kind: Kind) =>
    kind === "runs"
      ? "run:_immersic_runs"
      : kind === "files"
      ? "file:_files"
      : kind === "text"
      ? "value: "
      : `value:(${kind.map(plain).join(" ")})`;
  const argumentsOf = ({ words, flags }: Entry) =>
    [
      ...flags.map(({ flag, kind, isList, meaning }) =>
        `${isList ? "*" : ""}${flag}[${plain(meaning)}]${
          kind === undefined ? "" : `:${ofKind(kind)}`
        }`
      ),
      ...words === undefined ? [] : [`*:${ofKind(words)}`],
    ].map(quoted).join(" ");
  return `# Completes "deno task" in the folder of Immersic.
_immersic_root() {
  local folder=$PWD
  until [[ -z $folder || -f $folder/lib/tasks/completion.ts ]]; do folder=\${folder%/*}; done
  [[ -n $folder ]] && print -r -- "$folder"
}
_immersic_runs() { compadd -- "$(_immersic_root)"/checkpoints/*(N/:t) }
_immersic() {
  if [[ $words[2] != task || $CURRENT -lt 3 || -z "$(_immersic_root)" ]]; then
    \${_immersic_before:-_default} "$@"
    return
  fi
  shift 2 words
  (( CURRENT -= 2 ))
  if (( CURRENT == 1 )); then
    local -a tasks=(${
    entries.map(({ name, meaning }) => quoted(`${plain(name)}:${meaning}`))
      .join(" ")
  })
    _describe task tasks
    return
  fi
  case $words[1] in
${
    branches(
      entries.map((
        entry,
      ) => [entry.name, `_arguments ${argumentsOf(entry)}`]),
    )
  }
  esac
}
if [[ \${_comps[deno]:-_immersic} != _immersic ]]; then _immersic_before=$_comps[deno]; fi
compdef _immersic deno`;
}

function fish(entries: readonly Entry[]): string {
  const safe = (text: string) =>
    `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const ofKind = (kind: Kind) =>
    kind === "runs"
      ? "-x -a '(__immersic_runs)'"
      : kind === "files"
      ? "-r -F"
      : kind === "text"
      ? "-x"
      : `-x -a ${safe(kind.join(" "))}`;
  const lines = entries.flatMap(({ name, meaning, words, flags }) => {
    const at = `complete -c deno -n ${safe(`__immersic_is ${name}`)}`;
    return [
      `complete -c deno -n __immersic_is -f -a ${name} -d ${safe(meaning)}`,
      ...words === undefined || words === "text" ? [] : [
        `${at} ${
          ofKind(words).replace(/^-[xr]/, words === "files" ? "" : "-f")
        }`,
      ],
      ...flags.map(({ flag, kind, meaning }) =>
        `${at} -l ${flag.slice(2)} ${
          kind === undefined ? "" : `${ofKind(kind)} `
        }-d ${safe(meaning)}`
      ),
    ];
  });
  return `# Completes "deno task" in the folder of Immersic.
function __immersic_root
  set -l folder $PWD
  while test -n "$folder" -a ! -f "$folder/lib/tasks/completion.ts"
    set folder (string replace -r '/[^/]*$' '' $folder)
  end
  test -n "$folder"; and echo $folder
end
function __immersic_runs
  set -l root (__immersic_root); and path basename $root/checkpoints/*/
end
# Whether a task stands on the command line; without a name, whether one is to follow.
function __immersic_is
  set -l words (commandline -opc)
  test "$words[2]" = task -a "$words[3]" = "$argv[1]"; and __immersic_root >/dev/null
end
${lines.join("\n")}`;
}
