import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { DatasetColumn, PrivacyCheck, SampleGate as GateState } from '@gan-dashboard/shared-types';
import { DatasetsService } from '../datasets/datasets.service';
import { TableService } from '../datasets/table/table.service';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { ProblemException } from '../platform/http/problem';
import { ReportTaskAborted, runReportTask } from '../reports/process/report-process';
import { RunsService } from '../training/runs.service';
import type { SampleEntity } from './sample.entity';

/** What the check of a sample found, or why it could not be made; both null where no gate is set. */
export type Checked = Pick<SampleEntity, 'privacyCheck' | 'privacyError'>;

/** Lets rows leave only where their privacy check passes, as the administrator has set it. Without limits all is open. */
@Injectable()
export class SampleGate {
  constructor(
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'sampleGate'>,
    private readonly runs: RunsService,
    private readonly datasets: DatasetsService,
    private readonly tables: TableService,
  ) {}

  /**
   * Compares rows that were just drawn with those that the run was trained on. A check that fails is no reason to lose
   * the sample, but one to keep it closed.
   *
   * @param drawn the CSV file in a folder of the sample's own, and its columns
   * @throws ReportTaskAborted when `cutOff` aborts
   */
  async check(
    sample: Pick<SampleEntity, 'runId' | 'seed'>,
    drawn: { csvPath: string; folder: string; names: readonly string[] },
    cutOff: AbortSignal,
  ): Promise<Checked> {
    if (!this.isSet()) return { privacyCheck: null, privacyError: null };
    try {
      return { privacyCheck: await this.measure(sample, drawn, cutOff), privacyError: null };
    } catch (error) {
      if (error instanceof ReportTaskAborted || cutOff.aborted) throw error;
      return { privacyCheck: null, privacyError: error instanceof Error ? error.message : String(error) };
    }
  }

  /** What the gate says about a sample that is ready; undefined where none is set. */
  stateOf({ status, privacyCheck, privacyError, gateOverride }: SampleEntity): GateState | undefined {
    if (!this.isSet() || status !== 'ready') return undefined;
    const reasons = privacyCheck
      ? this.reasonsAgainst(privacyCheck)
      : [privacyError ? `it could not be checked: ${privacyError}` : 'it was drawn before the gate was set'];
    const state = reasons.length === 0 ? 'passed' : gateOverride ? 'overridden' : 'refused';
    return { state, reasons, check: privacyCheck, override: gateOverride };
  }

  /** @throws ProblemException 403 with the numbers and the way out. */
  requireOpen(sample: SampleEntity): void {
    const gate = this.stateOf(sample);
    if (gate?.state !== 'refused') return;
    throw new ProblemException(
      403,
      `The download gate refuses this sample: ${gate.reasons.join('; ')}. Draw from an earlier checkpoint or train with more ` +
        `data; or have an administrator override it with a reason: POST /api/v1/samples/${sample.id}/gate-override.`,
    );
  }

  private isSet(): boolean {
    const { maxExactShare, minDcrShare } = this.config.sampleGate;
    return maxExactShare !== undefined || minDcrShare !== undefined;
  }

  private reasonsAgainst(check: PrivacyCheck): string[] {
    const { maxExactShare, minDcrShare } = this.config.sampleGate;
    const reasons: string[] = [];
    if (maxExactShare !== undefined && check.exact_share > maxExactShare) {
      reasons.push(
        `${check.exact_matches} of ${check.judged_rows} rows (${percent(check.exact_share)}) equal a row of the training data, at most ${percent(maxExactShare)} may`,
      );
    }
    if (minDcrShare !== undefined && check.dcr_share < minDcrShare) {
      reasons.push(
        `${percent(check.dcr_share)} of the rows keep their distance to the training data, at least ${percent(minDcrShare)} must`,
      );
    }
    return reasons;
  }

  private async measure(
    { runId, seed }: Pick<SampleEntity, 'runId' | 'seed'>,
    { csvPath, folder, names }: { csvPath: string; folder: string; names: readonly string[] },
    cutOff: AbortSignal,
  ): Promise<PrivacyCheck> {
    const run = await this.runs.require(runId);
    if (run.datasetId === null) throw new Error('the run has no data set to compare with');
    const { dataset, parquetPath: realPath } = await this.datasets.trainingSource(run.datasetId);
    const columns = run.columns ?? dataset.columns;
    const drawn = names.map((name) => columns.find((column) => column.name === name) ?? generated(name));
    const parquetPath = join(folder, 'checked.parquet');
    await this.tables.csvToParquet({ csvPath, parquetPath, columns: drawn });
    return runReportTask(
      {
        task: 'privacy',
        real: { parquet_path: realPath, columns },
        synthetic: { parquet_path: parquetPath, columns: drawn },
        seed,
      },
      { signal: cutOff },
    );
  }
}

/** A column that the data set does not have: the number of a sequence. */
function generated(name: string): DatasetColumn {
  return { name, type: 'integer', role: 'id', missing: 0, distinct: 0 };
}

function percent(share: number): string {
  return `${new Intl.NumberFormat('en', { maximumFractionDigits: 2 }).format(100 * share)} %`;
}
