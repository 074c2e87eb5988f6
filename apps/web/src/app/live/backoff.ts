const floorMs = 500;
const firstMs = 1_000;
const ceilingMs = 30_000;

/**
 * Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"): tabs that lost the server together
 * do not come back together. `random` is in [0, 1).
 */
export function backoffMs(attempt: number, random: number): number {
  const bound = Math.min(ceilingMs, firstMs * 2 ** Math.min(attempt, 10));
  return Math.round(Math.max(floorMs, random * bound));
}
