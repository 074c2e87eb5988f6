/**
 * Area under the ROC curve: the chance that a positive row ranks above a negative one, ties counting half (Mann and
 * Whitney 1947).
 *
 * @param labels [rows] 1 is positive
 * @param ranks [rows] higher is more positive
 * @returns 0 to 1, undefined where one of the classes has no rows
 */
export function areaUnderCurve(labels: ArrayLike<number>, ranks: Float64Array): number | undefined {
  const order = Uint32Array.from(ranks.keys()).sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0));
  let positives = 0;
  let sumOfPlaces = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    let tied = 0;
    while (end < order.length && ranks[order[end] ?? 0] === ranks[order[start] ?? 0])
      tied += labels[order[end++] ?? 0] ?? 0;
    // Places start with 1: tied rows share the mean of theirs.
    sumOfPlaces += (tied * (start + 1 + end)) / 2;
    positives += tied;
    start = end;
  }
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  return (sumOfPlaces - (positives * (positives + 1)) / 2) / (positives * negatives);
}
