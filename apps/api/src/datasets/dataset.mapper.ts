import type { Dataset, DatasetProfile } from '@gan-dashboard/shared-types';
import type { DatasetEntity } from './dataset.entity';

/** A stored data set as it is on the wire. */
export function toDataset(entity: DatasetEntity): Dataset {
  return {
    id: entity.id,
    created_at: entity.createdAt.toISOString(),
    created_by: entity.createdBy,
    name: entity.name,
    file_name: entity.fileName,
    origin: entity.origin,
    status: entity.status,
    error: entity.error,
    size_bytes: entity.sizeBytes,
    sha256: entity.sha256,
    row_count: entity.rowCount,
    rejected_row_count: entity.rejectedRowCount,
    reading: entity.reading,
    structure: entity.structure,
    columns: entity.columns,
    warnings: entity.warnings,
    project_id: entity.projectId,
  };
}

/** The stored profile with the roles that the columns have now. */
export function toProfile(profile: DatasetProfile, entity: DatasetEntity): DatasetProfile {
  const roles = new Map(entity.columns.map(({ name, role }) => [name, role]));
  return {
    ...profile,
    columns: profile.columns.map((column) => ({ ...column, role: roles.get(column.name) ?? column.role })),
  };
}
