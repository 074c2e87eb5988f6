import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { actingUser, projectsInReach } from '../platform/http/local-user';
import { ProblemException } from '../platform/http/problem';
import type { CheckpointEntity } from './checkpoint.entity';

/** Where rows leave through a gate, the model that draws them leaves in the hands of administrators alone. */
@Injectable()
export class CheckpointGate {
  constructor(
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'sampleGate'>,
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
  ) {}

  /** Notes the download in the audit trail. @throws ProblemException 403 with the reason and the way out. */
  async pass({ id, runId }: Pick<CheckpointEntity, 'id' | 'runId'>): Promise<void> {
    const { maxExactShare, minDcrShare } = this.config.sampleGate;
    if (maxExactShare === undefined && minDcrShare === undefined) return;
    const administered = projectsInReach('administrator');
    if (administered !== undefined) {
      const [run] = await this.dataSource.query<{ project_id: string }[]>('SELECT project_id FROM run WHERE id = $1', [
        runId,
      ]);
      if (!run || !administered.includes(run.project_id)) {
        throw new ProblemException(
          403,
          'The download gate refuses this checkpoint: whoever has it draws rows that no gate has seen. Draw a sample here, ' +
            'or ask an administrator of the project for the file.',
        );
      }
    }
    await this.audit.record({ actor: actingUser(), action: 'checkpoint.download', subject: id, runId });
  }
}
