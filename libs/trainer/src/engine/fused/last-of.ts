/** The last element. @throws Error where there is none */
export function lastOf<Element>(list: readonly Element[]): Element {
  const last = list.at(-1);
  if (last === undefined) throw new Error('an empty list has no last element');
  return last;
}
