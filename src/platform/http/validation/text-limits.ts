/** @returns at most `units` UTF-16 units of `text`, marked where it was cut and never inside a character */
export function shortened(text: string, units: number): string {
  if (text.length <= units) return text;
  const cut = text.slice(0, units - 1);
  const last = cut.charCodeAt(cut.length - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return `${isHalf ? cut.slice(0, -1) : cut}…`;
}
