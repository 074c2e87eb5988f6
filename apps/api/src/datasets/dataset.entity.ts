import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { defaultProjectId } from '@gan-dashboard/shared-types';
import type { CsvReading, DatasetColumn, DatasetProfile, DatasetStructure } from '@gan-dashboard/shared-types';

/** A table that runs can be trained on: the source file, how it was read, and what was found in it. */
@Entity('dataset')
export class DatasetEntity {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'text', name: 'created_by' })
  createdBy!: string;

  @Column({ type: 'text' })
  name!: string;

  /** Name by which scripts ask for a data set: they get the newest one that has it. */
  @Index()
  @Column({ type: 'text', name: 'file_name' })
  fileName!: string;

  @Column({ type: 'text' })
  origin!: 'folder' | 'upload' | 'generated';

  @Column({ type: 'text' })
  status!: 'importing' | 'ready' | 'failed';

  @Column({ type: 'text', nullable: true })
  error!: string | null;

  @Column({ type: 'bigint', name: 'size_bytes', transformer: { from: Number, to: (value: number) => value } })
  sizeBytes!: number;

  @Column({ type: 'text' })
  sha256!: string;

  @Column({ type: 'integer', nullable: true, name: 'row_count' })
  rowCount!: number | null;

  @Column({ type: 'integer', nullable: true, name: 'rejected_row_count' })
  rejectedRowCount!: number | null;

  @Column({ type: 'jsonb', nullable: true })
  reading!: CsvReading | null;

  @Column({ type: 'jsonb', nullable: true })
  structure!: DatasetStructure | null;

  @Column({ type: 'jsonb', default: [] })
  columns!: DatasetColumn[];

  @Column({ type: 'jsonb', nullable: true })
  profile!: DatasetProfile | null;

  @Column({ type: 'jsonb', default: [] })
  warnings!: string[];

  @Column({ type: 'timestamptz', precision: 3, nullable: true, name: 'deleted_at' })
  deletedAt!: Date | null;

  /** Key of the lock that the process holds which imports it, or did. */
  @Column({ type: 'bigint', nullable: true })
  importer!: string | null;

  /** When its files were removed, some time after it was deleted. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true, name: 'files_removed_at' })
  filesRemovedAt!: Date | null;

  @Column({ type: 'uuid', name: 'project_id', default: defaultProjectId })
  projectId!: string;
}
