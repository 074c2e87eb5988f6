import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Notification, NotificationCreate, NotificationCreated } from '@gan-dashboard/shared-types';
import { AuditTrail } from '../audit/audit-trail';
import { conflict, notFound, ProblemException, unprocessable } from '../platform/http/problem';
import { Mailer } from './mailer';
import { testMessage } from './messages';
import { NotificationDelivery } from './notification-delivery';
import { NotificationEntity, toNotification } from './notification.entity';
import { newSecret } from './signature';

/** A person needs no more, and each costs a request for every run. */
const mostPerUser = 20;

/** Where each person wants to be told, of their runs or of all runs of a project. */
@Injectable()
export class NotificationsService {
  constructor(
    @InjectRepository(NotificationEntity) private readonly notifications: Repository<NotificationEntity>,
    private readonly delivery: NotificationDelivery,
    private readonly mailer: Mailer,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws ProblemException 409 for one too many, 422 an e-mail where no mail server is configured. */
  async create(
    { kind, address, events, project_id: projectId }: NotificationCreate,
    user: string,
  ): Promise<NotificationCreated> {
    if (kind === 'email' && !this.mailer.isConfigured) {
      const message = 'no mail server is configured; ask an administrator to set SMTP_URL, or use a webhook';
      throw unprocessable(`kind: ${message}`, [{ path: 'kind', message }]);
    }
    if ((await this.notifications.countBy({ createdBy: user })) >= mostPerUser) {
      throw conflict(`You have ${mostPerUser} notifications, which is the most. Delete one first.`);
    }
    const entity = this.notifications.create({
      id: randomUUID(),
      createdAt: new Date(),
      createdBy: user,
      kind,
      address,
      projectId: projectId ?? null,
      secret: kind === 'webhook' ? newSecret() : null,
      events: [...new Set(events)],
      lastSentAt: null,
      lastError: null,
    });
    await this.notifications.insert(entity);
    await this.audit.record({ actor: user, action: 'notification.create', subject: entity.id, detail: { kind } });
    return { ...toNotification(entity), secret: entity.secret };
  }

  async ofUser(user: string): Promise<Notification[]> {
    const found = await this.notifications.find({
      where: { createdBy: user },
      order: { createdAt: 'DESC', id: 'DESC' },
    });
    return found.map(toNotification);
  }

  /** @throws ProblemException 404. */
  async remove(id: string, user: string): Promise<void> {
    const { affected } = await this.notifications.delete({ id, createdBy: user });
    if (affected !== 1) throw notFound('notification', id);
    await this.audit.record({ actor: user, action: 'notification.delete', subject: id });
  }

  /** Sends a message at once. @throws ProblemException 404, 422 with the reason where it was not taken. */
  async test(id: string, user: string): Promise<Notification> {
    if (!(await this.notifications.existsBy({ id, createdBy: user }))) throw notFound('notification', id);
    try {
      await this.delivery.deliver(id, testMessage(randomUUID(), new Date()));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ProblemException(422, `The message could not be delivered: ${reason}`);
    }
    return toNotification(await this.notifications.findOneByOrFail({ id }));
  }
}
