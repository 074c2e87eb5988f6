import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CheckpointFile, WireNumber } from '@gan-dashboard/shared-types';

const bigint = { from: Number, to: (value: number) => value };

/** A saved state of a run: weights, optimiser, random state and transform, in one file. */
@Entity('checkpoint')
export class CheckpointEntity {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'uuid', name: 'run_id' })
  runId!: string;

  @Column({ type: 'integer' })
  epoch!: number;

  @Column({ type: 'bigint', transformer: bigint })
  step!: number;

  /** Name inside the run's checkpoint folder, chosen by the trainer. */
  @Column({ type: 'text', name: 'file_name' })
  fileName!: string;

  @Column({ type: 'bigint', name: 'size_bytes', transformer: bigint })
  sizeBytes!: number;

  @Column({ type: 'text' })
  sha256!: string;

  /** Why it was written. */
  @Column({ type: 'text' })
  reason!: CheckpointFile['reason'];

  @Column({ type: 'jsonb', default: {} })
  metrics!: Record<string, WireNumber>;

  @Column({ type: 'boolean', default: false, name: 'is_pinned' })
  isPinned!: boolean;

  @Column({ type: 'boolean', default: false, name: 'is_best' })
  isBest!: boolean;

  /** When the retention removed its file. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true, name: 'removed_at' })
  removedAt!: Date | null;
}
