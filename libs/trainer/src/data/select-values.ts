/** What a filter gives, without a list of JavaScript numbers in between: four times the memory of a long column. */
export function selectValues(values: Float64Array, isWanted: (value: number) => boolean): Float64Array {
  let wanted = 0;
  for (const value of values) if (isWanted(value)) wanted++;
  if (wanted === values.length) return values;
  const selected = new Float64Array(wanted);
  let place = 0;
  for (const value of values) if (isWanted(value)) selected[place++] = value;
  return selected;
}
