import { ApiProblem } from '../api/api-problem';
import { PagedList } from './paged-list';

const page = (ids: string[], next: string | null) => ({ items: ids.map((id) => ({ id })), next_cursor: next });

describe('PagedList', () => {
  it('reads on from the last page, and keeps what it has when the first is read again', async () => {
    const read = vi
      .fn()
      .mockResolvedValueOnce(page(['c', 'b'], 'after b'))
      .mockResolvedValueOnce(page(['a'], null))
      .mockResolvedValueOnce(page(['d', 'c'], 'after c'));
    const seen: string[] = [];
    const list = new PagedList<{ id: string }>(read, (items) => seen.push(...items.map(({ id }) => id)));
    expect(list.items()).toBeNull();
    await list.load();
    await list.more();
    await list.more();
    await list.load();
    expect(read.mock.calls.map(([cursor]) => cursor as unknown)).toEqual([undefined, 'after b', undefined]);
    expect(list.items()?.map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a']);
    expect(list.next()).toBeNull();
    expect(seen).toEqual(['c', 'b', 'a', 'd', 'c']);
  });

  it('says what went wrong and keeps what it has', async () => {
    const problem = new ApiProblem(503, 'Not available', 'no database', 'Try again.');
    const read = vi
      .fn()
      .mockResolvedValueOnce(page(['a'], 'x'))
      .mockRejectedValueOnce(problem);
    const list = new PagedList<{ id: string }>(read, () => undefined);
    await list.load();
    await list.more();
    expect(list.problem()).toBe(problem);
    expect(list.items()).toHaveLength(1);
  });
});
