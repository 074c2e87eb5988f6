import type { RetentionLimits } from '../platform/configuration/retention-config';

export interface Kept {
  readonly createdAt: Date;
  readonly sizeBytes: number;
}
export type LimitReason = 'age' | 'count' | 'bytes';

/**
 * What is beyond the limits, oldest last, each with the first limit that it is beyond. The newest are kept: those that
 * are young enough, the first `maxCount`, and those whose files together take no more than `maxBytes`.
 */
export function beyondLimits<Item extends Kept>(
  items: readonly Item[],
  { maxAgeMs, maxCount, maxBytes }: RetentionLimits,
  now: Date,
): { item: Item; reason: LimitReason }[] {
  const newestFirst = [...items].sort((one, other) => other.createdAt.getTime() - one.createdAt.getTime());
  const beyond: { item: Item; reason: LimitReason }[] = [];
  let [keptCount, keptBytes] = [0, 0];
  for (const item of newestFirst) {
    const isOld = maxAgeMs !== undefined && now.getTime() - item.createdAt.getTime() > maxAgeMs;
    const isSurplus = maxCount !== undefined && keptCount >= maxCount;
    const isTooMuch = maxBytes !== undefined && keptBytes + item.sizeBytes > maxBytes;
    if (isOld) beyond.push({ item, reason: 'age' });
    else if (isSurplus) beyond.push({ item, reason: 'count' });
    else if (isTooMuch) beyond.push({ item, reason: 'bytes' });
    else [keptCount, keptBytes] = [keptCount + 1, keptBytes + item.sizeBytes];
  }
  return beyond;
}
