import { Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { NotificationMessage } from '@gan-dashboard/shared-types';
import { JobQueue } from '../platform/queue/job-queue';
import { Mailer } from './mailer';
import { NotificationEntity } from './notification.entity';
import { notificationQueue } from './notification-queue';
import { signatureHeaders } from './signature';
import { WebhookSender } from './webhook-sender';

/** Takes messages off the queue and to where they belong; what fails is tried again by the queue. */
@Injectable()
export class NotificationDelivery implements OnApplicationBootstrap {
  constructor(
    @InjectRepository(NotificationEntity) private readonly notifications: Repository<NotificationEntity>,
    private readonly queue: JobQueue,
    private readonly webhooks: WebhookSender,
    private readonly mailer: Mailer,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const work = ({ data }: { data: { notification_id: string; message: NotificationMessage } }) =>
      this.deliver(data.notification_id, data.message);
    await this.queue.work(notificationQueue, work, { concurrency: 2 });
  }

  /** Nothing where it was deleted meanwhile. @throws Error that says why it could not be delivered */
  async deliver(id: string, message: NotificationMessage): Promise<void> {
    const notification = await this.notifications.findOneBy({ id });
    if (!notification) return;
    try {
      await this.send(notification, message);
      await this.notifications.update({ id }, { lastSentAt: new Date(), lastError: null });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await this.notifications.update({ id }, { lastError: reason.slice(0, 500) });
      throw error;
    }
  }

  private async send({ kind, address, secret }: NotificationEntity, message: NotificationMessage): Promise<void> {
    const { id, text, url } = message;
    const words = url === null ? text : `${text}\n${url}`;
    if (kind === 'email') {
      await this.mailer.send({ to: address, subject: subjectOf(message), text: words, id });
      return;
    }
    const body = JSON.stringify(kind === 'slack' ? { text: words } : message);
    const signed = secret === null ? {} : signatureHeaders(secret, body, new Date());
    await this.webhooks.post({ url: address, body, headers: { ...signed, 'x-gan-dashboard-delivery': id } });
  }
}

function subjectOf({ event, run }: NotificationMessage): string {
  // A line break in a name would begin another header.
  return `GAN Dashboard: ${run ? `${run.name.replace(/\s+/g, ' ')}: ` : ''}${event}`;
}
