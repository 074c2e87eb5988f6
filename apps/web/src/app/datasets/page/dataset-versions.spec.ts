import { aDataset } from '../../testing/builders';
import { versionsOf } from './dataset-versions';

describe('versionsOf', () => {
  it('counts the contents of a file by their age, the same content once', () => {
    const first = aDataset({ id: 'a', sha256: 'aa', created_at: '2026-11-20T10:00:00.000Z' });
    const again = aDataset({ id: 'b', sha256: 'aa', created_at: '2026-11-21T10:00:00.000Z' });
    const second = aDataset({ id: 'c', sha256: 'cc', created_at: '2026-11-22T10:00:00.000Z' });
    const other = aDataset({ id: 'd', sha256: 'aa', file_name: 'other.csv' });
    expect(versionsOf([second, again, first, other]).map(({ version, versions }) => [version, versions])).toEqual([
      [2, 2],
      [1, 2],
      [1, 2],
      [1, 1],
    ]);
  });
});
