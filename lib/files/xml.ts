/** Elements of XML as text. */

/** An element; content that is undefined or empty is left out. */
export function tag(
  name: string,
  ...content: readonly (string | number | undefined)[]
): string {
  // What follows the name of an element are its attributes.
  const [kind] = name.split(" ");
  const inside = content.filter((part) => part !== undefined && part !== "");
  return inside.length > 0
    ? `<${name}>${inside.join("")}</${kind}>`
    : `<${name}/>`;
}
