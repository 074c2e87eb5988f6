import { defineQueue } from '../platform/queue/queue-definition';

/**
 * Samples to be drawn, at most one job each. A job whose process dies is given to another one; what fails for a reason of
 * its own is not tried again, so that the tries are for crashes only.
 */
export const sampleQueue = defineQueue<{ sample_id: string }>('sample', {
  policy: 'exclusive',
  retryLimit: 10,
  retryDelay: 1,
  expireInSeconds: 12 * 3_600,
});
