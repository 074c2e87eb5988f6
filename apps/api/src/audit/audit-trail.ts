import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Between, LessThan, MoreThan, Repository } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { AuditEntry, AuditQuery, Page } from '@gan-dashboard/shared-types';
import { ProblemException } from '../platform/http/problem';
import { AuditEntryEntity } from './audit-entry.entity';

/** Who acts where the server follows its own rules. */
export const serverActor = 'server';

const exportPage = 1_000;

export interface Act {
  /** Name of the user, or `serverActor`. */
  actor: string;
  /** Such as `run.stop` or `checkpoint.pin`. */
  action: string;
  runId?: string;
  /** Id of the checkpoint, sample or data set, where there is one. */
  subject?: string;
  detail?: Record<string, unknown>;
}

function toAuditEntry(entity: AuditEntryEntity): AuditEntry {
  return {
    id: Number(entity.id),
    at: entity.at.toISOString(),
    actor: entity.actor,
    action: entity.action,
    run_id: entity.runId,
    subject: entity.subject,
    detail: entity.detail,
  };
}

/** Who did what, and when. */
@Injectable()
export class AuditTrail {
  constructor(@InjectRepository(AuditEntryEntity) private readonly entries: Repository<AuditEntryEntity>) {}

  /** `manager` is that of the transaction that does the act: both are kept, or neither. */
  record(act: Act, manager: EntityManager = this.entries.manager): Promise<void> {
    return this.recordAll([act], manager);
  }

  /** Keeps all of them or none. */
  async recordAll(acts: readonly Act[], manager: EntityManager = this.entries.manager): Promise<void> {
    const entries = acts.map(({ actor, action, runId, subject, detail }) =>
      manager.create(AuditEntryEntity, {
        actor,
        action,
        runId: runId ?? null,
        subject: subject ?? null,
        detail: detail ?? {},
      }),
    );
    await manager.save(entries, { reload: false });
  }

  /** All that was done in a time, oldest first, read page by page. */
  async *between({ from, to }: { from?: Date; to?: Date }): AsyncGenerator<AuditEntry> {
    let after = '0';
    for (;;) {
      const entities = await this.entries.find({
        where: {
          id: MoreThan(after),
          ...(from || to ? { at: Between(from ?? new Date(0), to ?? new Date('9999-12-31')) } : {}),
        },
        order: { id: 'ASC' },
        take: exportPage,
      });
      yield* entities.map(toAuditEntry);
      const last = entities.at(-1);
      if (!last || entities.length < exportPage) return;
      after = last.id;
    }
  }

  /** Newest first. @throws ProblemException 400 for a cursor that is none. */
  async page({ run_id: runId, limit, cursor }: AuditQuery): Promise<Page<AuditEntry>> {
    if (cursor !== undefined && !/^\d{1,18}$/.test(cursor)) {
      throw new ProblemException(400, `cursor is ${JSON.stringify(cursor)}; take it from next_cursor of a page.`);
    }
    const entities = await this.entries.find({
      where: { ...(runId === undefined ? {} : { runId }), ...(cursor === undefined ? {} : { id: LessThan(cursor) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const items = entities.slice(0, limit).map(toAuditEntry);
    return { items, next_cursor: entities.length > limit ? String(items.at(-1)?.id) : null };
  }
}
