import { setTimeout as delay } from 'node:timers/promises';

const everyMs = 50;

/**
 * Asks until the answer is neither undefined, null nor false, and returns it.
 *
 * @throws Error after `timeoutMs`, saying what was waited for
 */
export async function waitUntil<Answer>(
  what: string,
  timeoutMs: number,
  ask: () => Answer | Promise<Answer>,
): Promise<Exclude<Answer, undefined | null | false>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) {
      return answer as Exclude<Answer, undefined | null | false>;
    }
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs / 1_000} s for ${what}`);
    await delay(everyMs);
  }
}
