import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Notification, NotificationEvent, NotificationKind } from '@gan-dashboard/shared-types';

/** Somebody who wants to be told, and where. */
@Entity('notification')
export class NotificationEntity {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt!: Date;

  /** Name of the user who is told. */
  @Column({ type: 'text', name: 'created_by' })
  createdBy!: string;

  /** All runs of this project; null: those of the user. */
  @Column({ type: 'uuid', nullable: true, name: 'project_id' })
  projectId!: string | null;

  @Column({ type: 'text' })
  kind!: NotificationKind;

  @Column({ type: 'text' })
  address!: string;

  /** Signs the messages of a webhook; it has to be kept as it is, for a signature is made of it. */
  @Column({ type: 'text', nullable: true })
  secret!: string | null;

  @Column({ type: 'jsonb' })
  events!: NotificationEvent[];

  @Column({ type: 'timestamptz', precision: 3, nullable: true, name: 'last_sent_at' })
  lastSentAt!: Date | null;

  @Column({ type: 'text', nullable: true, name: 'last_error' })
  lastError!: string | null;
}

export function toNotification(entity: NotificationEntity): Notification {
  return {
    id: entity.id,
    created_at: entity.createdAt.toISOString(),
    kind: entity.kind,
    address: entity.address,
    events: entity.events,
    project_id: entity.projectId,
    last_sent_at: entity.lastSentAt?.toISOString() ?? null,
    last_error: entity.lastError,
  };
}
