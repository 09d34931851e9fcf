/**
 * Removes characters from the end of a text, in a time that grows with its length: `/[ .]+$/` looks at each run of them
 * again from each of its characters.
 * @param characters UTF-16 units that are removed
 */
export function withoutTrailing(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
