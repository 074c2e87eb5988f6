/** Values that are looked at, at most, and decimals that are tried. */
const mostValues = 10_000;
const mostDecimals = 12;

/** The fewest decimals with which every value can be written; null where that is more than 12. */
export function decimalsOf(values: Float64Array): number | null {
  const every = Math.max(1, Math.floor(values.length / mostValues));
  let decimals = 0;
  for (let i = 0; i < values.length; i += every) {
    const value = values[i] ?? 0;
    while (Number(value.toFixed(decimals)) !== value) if (++decimals > mostDecimals) return null;
  }
  return decimals;
}
