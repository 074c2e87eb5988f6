import type { Dataset } from '@gan-dashboard/shared-types';

export interface DatasetVersion {
  dataset: Dataset;
  /** 1 is the oldest content of the file. */
  version: number;
  versions: number;
}

/**
 * Data sets of one file name are versions of one another, told apart by the hash of their content: the same content
 * twice is one version.
 *
 * @returns in the order given
 */
export function versionsOf(datasets: readonly Dataset[]): DatasetVersion[] {
  const hashes = new Map<string, string[]>();
  for (const { file_name: name, sha256 } of oldestFirst(datasets)) {
    const known = hashes.get(name) ?? [];
    if (!known.includes(sha256)) known.push(sha256);
    hashes.set(name, known);
  }
  return datasets.map((dataset) => {
    const known = hashes.get(dataset.file_name) ?? [];
    return { dataset, version: known.indexOf(dataset.sha256) + 1, versions: known.length };
  });
}

function oldestFirst(datasets: readonly Dataset[]): Dataset[] {
  return [...datasets].sort((one, other) => one.created_at.localeCompare(other.created_at));
}
