import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ReportStatus } from '@gan-dashboard/shared-types';

/** A report that was asked for: of a checkpoint of a run, or of two data sets. What it says lies in the file store. */
@Entity('report')
export class ReportEntity {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'text', name: 'created_by' })
  createdBy!: string;

  @Column({ type: 'text' })
  title!: string;

  @Column({ type: 'uuid', nullable: true, name: 'run_id' })
  runId!: string | null;

  @Column({ type: 'uuid', nullable: true, name: 'checkpoint_id' })
  checkpointId!: string | null;

  @Column({ type: 'uuid', nullable: true, name: 'real_dataset_id' })
  realDatasetId!: string | null;

  @Column({ type: 'uuid', nullable: true, name: 'synthetic_dataset_id' })
  syntheticDatasetId!: string | null;

  /** Drawn for the report; null where two data sets are compared. */
  @Column({ type: 'integer', nullable: true })
  rows!: number | null;

  @Column({ type: 'integer' })
  seed!: number;

  @Column({ type: 'text', nullable: true })
  target!: string | null;

  @Column({ type: 'text' })
  status!: ReportStatus;

  @Column({ type: 'double precision', default: 0, name: 'progress_percent' })
  progressPercent!: number;

  @Column({ type: 'text', default: '' })
  phase!: string;

  @Column({ type: 'text', nullable: true })
  error!: string | null;

  @Column({ type: 'boolean', nullable: true, name: 'is_copying' })
  isCopying!: boolean | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true, name: 'ended_at' })
  endedAt!: Date | null;
}
