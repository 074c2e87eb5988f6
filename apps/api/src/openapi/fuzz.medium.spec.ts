import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../testing/api-client';
import { smallTable } from '../testing/small-runs';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';
import { authOf } from '../identity/testing/identity-client';
import { mistakeIn, requestsFor } from './testing/fuzz';
import { previewDocument } from './testing/preview-document';
import { ResponseChecker } from './testing/response-checker';

/** `npm run bench:fuzz` sends 10,000; each seed sends the same ones again. */
const requests = Number(process.env['FUZZ_REQUESTS'] ?? 200);
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_123);

describe('the API under requests that nobody would write', () => {
  let server: TestApp;
  const ids: string[] = [];

  beforeAll(async () => {
    // Nothing is trained: it would only take the processor from the requests.
    server = await startTestApp({ auth: { ...authOf({}), rateLimitPerMinute: 0 }, role: 'web', controlWaitMs: 50 });
    const { id } = await new ApiClient(server.url).uploadCsv('fuzz.csv', smallTable());
    ids.push(id);
  }, 60_000);
  afterAll(() => server.close());

  it(`answers ${requests} of them as described, and none with a server error`, { timeout: 1_800_000 }, async () => {
    const document = await previewDocument();
    const checker = new ResponseChecker(document);
    const learn = (id: string) => ids.push(id);
    const found = new Set<string>();
    const sample = fc.sample(
      requestsFor(document, () => ids),
      { numRuns: requests, seed },
    );
    for (const request of sample) {
      const mistake = await mistakeIn(request, { base: server.url, checker, learn });
      if (mistake !== undefined) found.add(mistake);
    }
    expect([...found]).toEqual([]);
  });
});
