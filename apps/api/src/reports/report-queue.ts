import { defineQueue } from '../platform/queue/queue-definition';

/** Reports to be made, at most one job each. A job whose process dies is given to another one. */
export const reportQueue = defineQueue<{ report_id: string }>('report', {
  policy: 'exclusive',
  retryLimit: 10,
  retryDelay: 1,
  expireInSeconds: 2 * 3_600,
});

/** Says which report was deleted, to the process that may be making it. */
export const reportDeletedChannel = 'report_deleted';
