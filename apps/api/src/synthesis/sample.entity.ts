import { Column, Entity, PrimaryColumn } from 'typeorm';
import type {
  Cell,
  PrivacyCheck,
  SampleBalance,
  SampleCondition,
  SampleConstraint,
  SampleGate,
  SampleSequences,
} from '@gan-dashboard/shared-types';

/** Synthetic rows drawn from one checkpoint with one seed. */
@Entity('sample')
export class SampleEntity {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'uuid', name: 'run_id' })
  runId!: string;

  @Column({ type: 'uuid', name: 'checkpoint_id' })
  checkpointId!: string;

  @Column({ type: 'integer' })
  rows!: number;

  @Column({ type: 'integer' })
  seed!: number;

  @Column({ type: 'text' })
  format!: 'csv' | 'parquet';

  @Column({ type: 'jsonb', default: [] })
  conditions!: SampleCondition[];

  @Column({ type: 'jsonb', nullable: true })
  balance!: SampleBalance | null;

  @Column({ type: 'jsonb', default: [] })
  constraints!: SampleConstraint[];

  /** What was asked of its sequences; null for rows. */
  @Column({ type: 'jsonb', nullable: true })
  sequences!: SampleSequences | null;

  @Column({ type: 'text' })
  status!: 'pending' | 'ready' | 'failed';

  @Column({ type: 'text', nullable: true })
  error!: string | null;

  @Column({
    type: 'bigint',
    nullable: true,
    name: 'size_bytes',
    transformer: {
      from: (value: string | null) => (value === null ? null : Number(value)),
      to: (value: number) => value,
    },
  })
  sizeBytes!: number | null;

  /** Share of the rows drawn that were kept; null where nothing was asked of them, and until they were drawn. */
  @Column({ type: 'double precision', nullable: true, name: 'hit_rate' })
  hitRate!: number | null;

  /** Share of the rows whose fixed combinations were completed; null without any, and until they were drawn. */
  @Column({ type: 'double precision', nullable: true, name: 'completed_share' })
  completedShare!: number | null;

  /** What the download gate found when it was drawn; null without a gate, or where it could not be checked. */
  @Column({ type: 'jsonb', nullable: true, name: 'privacy_check' })
  privacyCheck!: PrivacyCheck | null;

  @Column({ type: 'text', nullable: true, name: 'privacy_error' })
  privacyError!: string | null;

  @Column({ type: 'jsonb', nullable: true, name: 'gate_override' })
  gateOverride!: SampleGate['override'];

  @Column({ type: 'jsonb', default: [] })
  columns!: string[];

  @Column({ type: 'jsonb', default: [] })
  preview!: Cell[][];
}
