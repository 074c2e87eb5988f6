import type { NotificationMessage } from '@gan-dashboard/shared-types';
import { defineQueue } from '../platform/queue/queue-definition';

/** Messages on their way: tried again after 5 s, 10 s, 20 s …, for about three hours. */
export const notificationQueue = defineQueue<{ notification_id: string; message: NotificationMessage }>(
  'notification',
  { retryLimit: 11, retryDelay: 5, expireInSeconds: 60 },
);
