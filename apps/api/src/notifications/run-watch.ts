import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Subscription } from 'rxjs';
import { IsNull, Repository } from 'typeorm';
import { defaultProjectId } from '@gan-dashboard/shared-types';
import type { NotificationEvent, Run, RunMessage } from '@gan-dashboard/shared-types';
import { EventHub } from '../events/event-hub';
import { ProjectAccess } from '../identity/access/project-access';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { JobQueue } from '../platform/queue/job-queue';
import { RunsService } from '../training/runs.service';
import { messageOf, notificationEventOf } from './messages';
import { NotificationEntity } from './notification.entity';
import { notificationQueue } from './notification-queue';

/**
 * Follows what happens to runs and puts a message on the queue for each who wants to be told. Every process does: the id
 * of a message is made of what it says, so that the queue takes it once.
 */
@Injectable()
export class RunWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(RunWatch.name);
  private readonly pending = new Set<Promise<void>>();
  private subscription = new Subscription();

  constructor(
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'auth'>,
    @InjectRepository(NotificationEntity) private readonly notifications: Repository<NotificationEntity>,
    private readonly hub: EventHub,
    private readonly runs: RunsService,
    private readonly queue: JobQueue,
    private readonly projects: ProjectAccess,
  ) {}

  onApplicationBootstrap(): void {
    this.subscription = this.hub.channels.training.subscribe((message) => {
      const event = notificationEventOf(message);
      if (event === undefined) return;
      const telling = this.tell(message, event).catch((error: unknown) => {
        this.logger.error(`run ${message.run_id}: nobody was told of "${event}": ${String(error)}`);
      });
      this.pending.add(telling);
      void telling.then(() => this.pending.delete(telling));
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.subscription.unsubscribe();
    await Promise.all(this.pending);
  }

  /** Whoever has left the project of a run is told no more of it. */
  private async maySee(name: string, project: string): Promise<boolean> {
    return this.config.auth.mode === 'none' || (await this.projects.isSeenBy(name, project));
  }

  /** Of the user whose run it is, and of all who follow its project; an address is told once. */
  private async wantedBy(run: Run, event: NotificationEvent): Promise<NotificationEntity[]> {
    const project = run.project_id ?? defaultProjectId;
    const found = await this.notifications.find({
      where: [{ createdBy: run.created_by, projectId: IsNull() }, { projectId: project }],
      order: { createdAt: 'ASC', id: 'ASC' },
    });
    const byAddress = new Map<string, NotificationEntity>();
    const seen = new Map<string, boolean>();
    for (const each of found.filter(({ events }) => events.includes(event))) {
      const { createdBy: name, kind, address } = each;
      if (!seen.has(name)) seen.set(name, await this.maySee(name, project));
      const key = JSON.stringify([name, kind, address]);
      if (seen.get(name) && !byAddress.has(key)) byAddress.set(key, each);
    }
    return [...byAddress.values()];
  }

  private async tell(message: RunMessage, event: NotificationEvent): Promise<void> {
    const run = await this.runs.get(message.run_id);
    for (const { id: notificationId } of await this.wantedBy(run, event)) {
      const id = uuidOf(`${notificationId} ${message.run_id} ${message.seq}`);
      const occurredAt = message.timestamp;
      const { publicUrl } = this.config.auth;
      const told = messageOf({ id, event, run, reason: reasonOf(message), occurredAt, publicUrl });
      await this.queue.send(notificationQueue, { notification_id: notificationId, message: told }, { id });
    }
  }
}

function reasonOf(message: RunMessage): string {
  if (message.type === 'health_alert') return message.data.message;
  if (message.type !== 'training_complete') return '';
  return message.data.status === 'failed' ? (message.data.error ?? message.data.message) : '';
}

/** The same for the same text, in the form of a UUID (RFC 9562, version 8). */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
