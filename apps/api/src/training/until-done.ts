import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';

const longestWaitMs = 2_000;

/** Repeats what has to happen until it does: an outage of the database delays it. Must bear being done twice. */
export async function untilDone<Result>(logger: Logger, what: string, act: () => Promise<Result>): Promise<Result> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      if (attempt === 0) logger.warn(`${what}: tried again until it works: ${String(error)}`);
      await delay(Math.min(longestWaitMs, 100 * 2 ** attempt));
    }
  }
}
