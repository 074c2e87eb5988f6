import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { holdoutOfCheckpoint, sequenceLengthOf } from '@gan-dashboard/trainer';
import type { Holdout } from '@gan-dashboard/trainer';
import type { Dataset, DatasetColumn, ReportLineage } from '@gan-dashboard/shared-types';
import { DatasetsService } from '../datasets/datasets.service';
import { TableService } from '../datasets/table/table.service';
import { sha256Of } from '../platform/files/disk';
import { CheckpointsService } from '../synthesis/checkpoints.service';
import { SampleProcess } from '../synthesis/sample-process';
import { RunsService } from '../training/runs.service';
import { versions } from '../workers/machine';
import type { ReportTask } from './process/report-protocol';
import type { ReportEntity } from './report.entity';
import { seriesOf } from './series-of-tables';

type Source = Pick<ReportTask, 'real' | 'synthetic' | 'is_ordered' | 'lineage' | 'holdout' | 'series'>;

/** Brings both tables of a report onto this machine, with where they come from. */
@Injectable()
export class ReportSources {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly tables: TableService,
    private readonly checkpoints: CheckpointsService,
    private readonly runs: RunsService,
  ) {}

  /**
   * @param folder of the report's own, for rows that are drawn
   * @throws Error with the reason in words; StorageError where the store does not answer
   */
  async of(report: ReportEntity, folder: string, cutOff: AbortSignal): Promise<Source> {
    if (report.realDatasetId === null) throw new Error('The report names no real data set. Make it again.');
    const { dataset, parquetPath } = await this.datasets.trainingSource(report.realDatasetId);
    const real = { dataset, file: { parquet_path: parquetPath, columns: dataset.columns } };
    if (report.syntheticDatasetId !== null) return this.ofDatasets(report, real);
    return this.ofCheckpoint(report, real, { folder, cutOff });
  }

  private async ofDatasets({ syntheticDatasetId, seed }: ReportEntity, { dataset, file }: RealSource): Promise<Source> {
    const found = await this.datasets.trainingSource(syntheticDatasetId ?? '');
    return {
      real: file,
      synthetic: { parquet_path: found.parquetPath, columns: found.dataset.columns },
      is_ordered: isOrdered(dataset),
      series: seriesOf(dataset.columns, found.dataset.columns, dataset.structure),
      lineage: {
        real: sourceOf(dataset),
        synthetic: sourceOf(found.dataset),
        run: null,
        checkpoint: null,
        seed,
        versions: versions(),
      },
    };
  }

  private async ofCheckpoint(
    report: ReportEntity,
    { dataset, file }: RealSource,
    { folder, cutOff }: { folder: string; cutOff: AbortSignal },
  ): Promise<Source> {
    const run = await this.runs.require(report.runId ?? '');
    const columns = run.columns ?? dataset.columns;
    const isOfSequences = sequenceLengthOf(run.model, run.config) !== null;
    const drawn = await this.draw(report, columns, { folder, cutOff });
    const { id, epoch, step, sha256 } = await this.checkpoints.pick(run.id, report.checkpointId ?? undefined);
    return {
      real: { ...file, columns },
      synthetic: drawn.file,
      is_ordered: isOrdered(dataset),
      holdout: drawn.holdout,
      // Models of single rows draw them in no order.
      series: isOfSequences ? seriesOf(columns, drawn.file.columns, dataset.structure) : null,
      lineage: {
        real: sourceOf(dataset),
        synthetic: {
          name: `rows drawn from ${run.name}`,
          sha256: drawn.sha256,
          dataset_id: null,
          rows: report.rows ?? 0,
          rows_used: 0,
        },
        run: { id: run.id, name: run.name, model: run.model, seed: run.seed, config: run.config },
        checkpoint: { id, epoch, step, sha256 },
        seed: report.seed,
        versions: versions(),
      },
    };
  }

  private async draw(
    { checkpointId, rows, seed }: ReportEntity,
    columns: readonly DatasetColumn[],
    { folder, cutOff }: { folder: string; cutOff: AbortSignal },
  ): Promise<{ file: Source['synthetic']; sha256: string; holdout: Holdout | null }> {
    const { path, sha256 } = await this.checkpoints.localCopy(checkpointId ?? '');
    const csvPath = join(folder, 'sample.csv');
    const process = new SampleProcess({
      task: 'sample',
      checkpoint_path: path,
      checkpoint_sha256: sha256,
      rows: rows ?? 1,
      seed,
      csv_path: csvPath,
    });
    const kill = () => process.kill();
    cutOff.addEventListener('abort', kill);
    if (cutOff.aborted) kill();
    try {
      const { columns: names } = await process.done;
      const drawn = names.map((name) => columns.find((column) => column.name === name) ?? generatedColumn(name));
      const parquetPath = join(folder, 'sample.parquet');
      await this.tables.csvToParquet({ csvPath, parquetPath, columns: drawn });
      return {
        file: { parquet_path: parquetPath, columns: drawn },
        sha256: await sha256Of(csvPath),
        holdout: await holdoutOfCheckpoint(path, sha256),
      };
    } finally {
      cutOff.removeEventListener('abort', kill);
    }
  }
}

/** A column that the model made besides those of the source: the number of a sequence. */
function generatedColumn(name: string): DatasetColumn {
  return { name, type: 'integer', role: 'id', missing: 0, distinct: 0 };
}

interface RealSource {
  dataset: Dataset;
  file: Source['real'];
}

/** Rows that follow each other are kept together where not all can be read. */
function isOrdered({ structure }: Dataset): boolean {
  return structure !== null && structure.kind !== 'table';
}

function sourceOf({ id, name, sha256, row_count: rows }: Dataset): ReportLineage['real'] {
  return { name, sha256, dataset_id: id, rows: rows ?? 0, rows_used: 0 };
}
