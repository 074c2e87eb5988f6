import { describe, expect, it } from 'vitest';
import { Parameter } from '../../../assembly/layout';
import { categoryCounts, conditionColumns, listRows, logFrequencies, thresholdsOf } from './conditions';
import { randomRows, smallCore, smallLayout, smallSettings, smallShape } from './testing/cases';

const layout = smallLayout();
const rows = randomRows(layout, 60);

/** The category of row i in the condition vector, by column: of the choices 1 and 2 of three. */
const categoriesOf = (row: number) => [rows.choices[3 * row + 1] ?? -1, 6 + (rows.choices[3 * row + 2] ?? -1)];

describe('conditions', () => {
  it('lie side by side in the condition vector', () => {
    const { starts, places } = conditionColumns(layout);
    expect([...starts]).toEqual([0, 6, 13]);
    expect([...places]).toEqual([4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17]);
  });

  it('list each row once for each column', () => {
    const lists = listRows(layout, rows);
    for (let category = 0; category < 13; category++) {
      const listed = [...lists.rows.slice(lists.starts[category], lists.starts[category + 1])];
      const wanted = Array.from({ length: 60 }, (_, row) => row).filter((row) => categoriesOf(row).includes(category));
      expect(listed).toEqual(wanted);
    }
    expect(categoryCounts(lists).reduce((sum, count) => sum + count)).toBe(120);
  });

  it('never draw a category of weight 0, and refuse a column of none', () => {
    const columns = { starts: Int32Array.of(0, 4), places: new Int32Array(4) };
    expect([...thresholdsOf(columns, [0, 1, 0, 1])]).toEqual([0, 0x7fffffff, 0x7fffffff, 0xffffffff]);
    expect([...thresholdsOf(columns, [1, 0, 1, 0])]).toEqual([0x7fffffff, 0x7fffffff, 0xffffffff, 0xffffffff]);
    expect(() => thresholdsOf(columns, [0, 0, 0, 0])).toThrow('no category of condition 0 has a weight above 0');
    expect(() => thresholdsOf(columns, [0, -1, 0, 0])).toThrow('category 1 of condition 0 has the weight -1');
  });
});

describe('the draw of a batch', () => {
  const core = smallCore(smallShape(), smallSettings({ batchSize: 2000 }));
  core.run('criticData');
  const { runtime, generatorBuffers, criticBuffers } = core;
  const given = [...runtime.integersAt(generatorBuffers.conditions, 2000)];
  const real = [...runtime.integersAt(criticBuffers.conditions, 2000)];

  it('takes columns evenly and categories by log(count + 1)', () => {
    const weights = logFrequencies(categoryCounts(listRows(layout, rows)));
    for (const [first, end] of [
      [0, 6],
      [6, 13],
    ] as const) {
      const total = weights.slice(first, end).reduce((sum, weight) => sum + weight);
      for (let category = first; category < end; category++) {
        const expected = 1000 * ((weights[category] ?? 0) / total);
        const drawn = given.filter((one) => one === category).length;
        expect(Math.abs(drawn - expected)).toBeLessThan(5 * Math.sqrt(expected) + 1);
      }
    }
  });

  it('gives real rows the same conditions in another order', () => {
    expect(real).not.toEqual(given);
    expect([...real].sort()).toEqual([...given].sort());
  });

  it('takes real rows that have their condition', () => {
    runtime.integersAt(criticBuffers.rows, 2000).forEach((row, i) => {
      expect(categoriesOf(row)).toContain(real[i]);
    });
  });

  it('notes the place of each condition in the row', () => {
    const { places } = conditionColumns(layout);
    const noted = [...runtime.integersAt(generatorBuffers.places, 2000)];
    expect(noted).toEqual(given.map((category) => places[category]));
  });

  it('differs from update to update and repeats for the same', () => {
    core.runtime.setParameter(Parameter.Update, 1);
    core.run('criticData');
    expect([...runtime.integersAt(generatorBuffers.conditions, 2000)]).not.toEqual(given);
    core.runtime.setParameter(Parameter.Update, 0);
    core.run('criticData');
    expect([...runtime.integersAt(generatorBuffers.conditions, 2000)]).toEqual(given);
  });

  it('takes any row without conditions', () => {
    const plain = smallCore(smallShape({ layout: smallLayout(false) }), smallSettings({ batchSize: 2000 }));
    plain.run('criticData');
    const drawn = new Set(plain.runtime.integersAt(plain.criticBuffers.rows, 2000));
    expect([...drawn].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, row) => row));
  });
});
