import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { WorkerLoad } from '@gan-dashboard/shared-types';
import type { Role } from '../platform/configuration/app-config';

const bigint = { from: Number, to: (value: number) => value };

/** One process of the dashboard, from its start to its end. */
@Entity('worker')
export class WorkerEntity {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt!: Date;

  /** Key of the lock that the process holds while it lives. */
  @Column({ type: 'bigint', name: 'instance_key', transformer: bigint })
  instanceKey!: number;

  @Column({ type: 'text' })
  host!: string;

  @Column({ type: 'integer', name: 'process_id' })
  processId!: number;

  @Column({ type: 'text' })
  role!: Role;

  @Column({ type: 'boolean', default: false, name: 'is_draining' })
  isDraining!: boolean;

  @Column({ type: 'integer' })
  cores!: number;

  @Column({ type: 'bigint', name: 'memory_bytes', transformer: bigint })
  memoryBytes!: number;

  @Column({ type: 'integer' })
  slots!: number;

  @Column({ type: 'jsonb', default: {} })
  versions!: Record<string, string>;

  @Column({ type: 'jsonb', default: {} })
  load!: WorkerLoad;

  @Column({ type: 'timestamptz', precision: 3, nullable: true, name: 'load_at' })
  loadAt!: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true, name: 'ended_at' })
  endedAt!: Date | null;
}
