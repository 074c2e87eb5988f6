import { Column, Entity, PrimaryColumn } from 'typeorm';
import { defaultProjectId } from '@gan-dashboard/shared-types';
import type { DatasetColumn, HealthAlert, ResumePolicy, RunStatus, WireNumber } from '@gan-dashboard/shared-types';

const bigint = { from: Number, to: (value: number) => value };

/** One training: what was asked for, where it stands, and how it ended. */
@Entity('run')
export class RunEntity {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'text', name: 'created_by' })
  createdBy!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  status!: RunStatus;

  @Column({ type: 'text' })
  model!: string;

  @Column({ type: 'jsonb' })
  config!: Record<string, unknown>;

  @Column({ type: 'uuid', nullable: true, name: 'dataset_id' })
  datasetId!: string | null;

  /** The columns of the data set when the run was made; null for a run without one, and for those of earlier versions. */
  @Column({ type: 'jsonb', nullable: true })
  columns!: DatasetColumn[] | null;

  /** Null for an external run that named none. */
  @Column({ type: 'integer', nullable: true })
  seed!: number | null;

  @Column({ type: 'integer', default: 0 })
  epoch!: number;

  @Column({ type: 'integer', name: 'total_epochs' })
  totalEpochs!: number;

  @Column({ type: 'double precision', default: 0, name: 'progress_percent' })
  progressPercent!: number;

  @Column({ type: 'double precision', nullable: true, name: 'eta_seconds' })
  etaSeconds!: number | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true, name: 'started_at' })
  startedAt!: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true, name: 'ended_at' })
  endedAt!: Date | null;

  @Column({ type: 'jsonb', default: [] })
  tags!: string[];

  @Column({ type: 'text', default: '' })
  notes!: string;

  @Column({ type: 'jsonb', default: {} })
  summary!: Record<string, WireNumber>;

  @Column({ type: 'text', nullable: true })
  error!: string | null;

  /** The verdict on the training that was given last. */
  @Column({ type: 'jsonb', nullable: true })
  health!: HealthAlert | null;

  @Column({ type: 'uuid', nullable: true, name: 'parent_run_id' })
  parentRunId!: string | null;

  @Column({ type: 'boolean', default: false })
  archived!: boolean;

  @Column({ type: 'timestamptz', precision: 3, nullable: true, name: 'deleted_at' })
  deletedAt!: Date | null;

  /** Key of the lock that the process at work on the run holds; null when there is none. */
  @Column({ type: 'bigint', nullable: true })
  owner!: string | null;

  /** Place of the newest event in the run's log. */
  @Column({ type: 'bigint', default: 0, name: 'last_seq', transformer: bigint })
  lastSeq!: number;

  @Column({ type: 'text', default: 'dashboard' })
  origin!: 'dashboard' | 'external';

  @Column({ type: 'integer', default: 0 })
  priority!: number;

  @Column({ type: 'timestamptz', precision: 3, nullable: true, name: 'queued_at' })
  queuedAt!: Date | null;

  @Column({ type: 'text', default: 'auto', name: 'on_interruption' })
  onInterruption!: ResumePolicy;

  /** How often a process has taken the run up. */
  @Column({ type: 'integer', default: 0 })
  attempt!: number;

  /** Attempts in a row that ended without a new checkpoint: a run that cannot go on is not started for ever. */
  @Column({ type: 'integer', default: 0, name: 'fruitless_attempts' })
  fruitlessAttempts!: number;

  /** Rises with each process that takes the run up; a writer with a lower one is refused. */
  @Column({ type: 'bigint', default: 0, transformer: bigint })
  fence!: number;

  @Column({ type: 'uuid', nullable: true, name: 'worker_id' })
  workerId!: string | null;

  /** A fork begins with this checkpoint of its parent. */
  @Column({ type: 'uuid', nullable: true, name: 'parent_checkpoint_id' })
  parentCheckpointId!: string | null;

  /** When an external run last said something. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true, name: 'heard_at' })
  heardAt!: Date | null;

  /** Number of the newest log line. */
  @Column({ type: 'integer', default: 0, name: 'last_line' })
  lastLine!: number;

  @Column({ type: 'uuid', name: 'project_id', default: defaultProjectId })
  projectId!: string;
}
