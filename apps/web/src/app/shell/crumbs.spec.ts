import { crumbsOf } from './crumbs';
import { pathOf, placeOf, places } from './navigation';

const id = '11111111-1111-4111-8111-111111111111';
const nobody = () => undefined;

describe('crumbsOf', () => {
  it('names a page of the rail, whatever its query says', () => {
    expect(crumbsOf('/', nobody)).toEqual([{ label: 'Overview' }]);
    expect(crumbsOf(`/workspace?run=${id}&view=run#x`, nobody)).toEqual([{ label: 'Workbench' }]);
  });

  it('leads back from one thing to the list of its kind', () => {
    expect(crumbsOf(`/runs/${id}?tab=charts`, () => 'baseline')).toEqual([
      { label: 'Runs', link: '/runs' },
      { label: 'baseline' },
    ]);
  });

  it('shortens an id as long as the name is not known', () => {
    expect(crumbsOf(`/reports/${id}`, nobody).at(-1)).toEqual({ label: '11111111' });
  });

  it('names the pages beside the rail', () => {
    expect(crumbsOf('/users', nobody)).toEqual([{ label: 'Users' }]);
  });
});

describe('places', () => {
  it('have an address and a key each of their own', () => {
    expect(new Set(places.map(({ path }) => path)).size).toBe(places.length);
    expect(new Set(places.map(({ key }) => key)).size).toBe(places.length);
  });

  it('are found by the first part of an address', () => {
    expect(placeOf(`/reports/${id}`)?.label).toBe('Reports');
    expect(placeOf('/')?.label).toBe('Overview');
    expect(placeOf('/account')).toBeUndefined();
    expect(pathOf('/a%20b/c?d=/e')).toEqual(['a b', 'c']);
  });
});
