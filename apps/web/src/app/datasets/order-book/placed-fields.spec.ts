import { aDataset, aField } from '../../testing/builders';
import { aBook } from './testing/book-builders';
import { placedFields } from './placed-fields';

describe('placedFields', () => {
  const states = [
    { field: aField() },
    { field: aField({ name: 'order_book_rows', kind: 'choice', default: 'drop', is_advanced: true }) },
  ];
  const named = (dataset: Parameters<typeof placedFields>[1]) =>
    placedFields(states, dataset).map(({ field }) => [field.name, field.is_advanced]);

  it('shows what to do with faulty rows where the data set is an order book', () => {
    const dataset = aDataset({ structure: { kind: 'order_book', order_book: aBook() } });
    expect(named(dataset)).toEqual([
      ['epochs', false],
      ['order_book_rows', false],
    ]);
  });

  it('leaves it out of the form for every other table', () => {
    expect(named(aDataset())).toEqual([['epochs', false]]);
    const off = aDataset({ structure: { kind: 'table', order_book: aBook({ is_used: false }) } });
    expect(named(off)).toHaveLength(1);
    expect(named(undefined)).toHaveLength(1);
  });
});
