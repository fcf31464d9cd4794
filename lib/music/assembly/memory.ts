// Memory for one task: taken piece by piece from the end of what the compiler uses,
// and given back as a whole when the next task begins.

let top: usize = 0;

/** Gives all memory back. */

export function releaseAll(): void {
  top = __heap_base;
}

/** What is taken from here on can be given back. */
@inline
export function mark(): usize {
  return top;
}

/** Gives back what was taken since a mark. */
@inline
export function releaseTo(mark: usize): void {
  top = mark;
}

/** Some bytes, at a multiple of 8. */
export function take(bytes: usize): usize {
  const at = (top + 7) & ~7;
  top = at + bytes;
  const pages = <i32> ((top + 0xffff) >> 16) - memory.size();
  // Half as much again, so that it seldom grows.
  if (pages > 0) memory.grow(pages + (memory.size() >> 1));
  return at;
}

/** Where a number of 32 bits is. */

export function word(at: usize, i: i32): usize {
  return at + (<usize> i << 2);
}

/** Where a number of 64 bits is. */

export function long(at: usize, i: i32): usize {
  return at + (<usize> i << 3);
}
