import type { Cell } from '@gan-dashboard/shared-types';
import { beforeAll, describe, expect, it } from 'vitest';
import { openModel } from '../models/open-model';
import type { RowSampler } from '../models/table-model';
import { workerEngines } from '../testing/engines';
import { sidesTable, smallCtganConfig } from '../testing/gan-plans';
import { ConditionalRows, largestRemainders } from './conditional-rows';
import type { RowWishes } from './conditional-rows';
import type { ColumnTransform } from '../data/column-transform';

let sampler: RowSampler;
let transforms: ColumnTransform[];

/** A generator that does what it is asked for: 150 steps are enough to see to the conditions. */
beforeAll(async () => {
  const { source, columns } = sidesTable(600);
  const config = smallCtganConfig({ batch_size: 100, generator_learning_rate: 2e-3, critic_learning_rate: 2e-3 });
  const model = openModel('ctgan', config, workerEngines());
  const fitted = await model.fit(source, columns, { seed: 3, onColumn: () => Promise.resolve() });
  for (let step = 0; step < 150; step++) fitted.model.step({ step, totalSteps: 150 });
  ({ transforms } = fitted);
  sampler = await model.openSampler({ transforms, rowCount: 600, state: fitted.model.getState() });
});

async function find(wishes: Partial<RowWishes>, from: RowSampler = sampler) {
  const search = await ConditionalRows.open({ rows: 300, seed: 1, ...wishes }, { sampler: from, transforms });
  const rows: Cell[][] = [];
  while (!search.isComplete) rows.push(...search.next(100));
  return { rows, hitRate: search.hitRate };
}

describe('rows that meet conditions', () => {
  it('all meet them; asked for by the rarest, most of those drawn do', async () => {
    const rare = await find({ conditions: [{ column: 'side', equals: 'rare' }] });
    expect(rare.rows).toHaveLength(300);
    expect(rare.rows.every(([side]) => side === 'rare')).toBe(true);
    // One row in twenty is rare: looking without asking would find as few.
    expect(rare.hitRate).toBeGreaterThan(0.5);
    const looked = await find(
      { rows: 20, conditions: [{ column: 'side', equals: 'rare' }] },
      { draw: sampler.draw.bind(sampler) },
    );
    expect(looked.hitRate).toBeLessThan(rare.hitRate / 2);
  });

  it('meet several at once, ranges and missing values among them', async () => {
    const { rows } = await find({
      rows: 50,
      conditions: [
        { column: 'value', at_least: 0 },
        { column: 'gain', equals: null },
      ],
    });
    expect(rows.every(([, value, gain]) => Number(value) >= 0 && gain === null)).toBe(true);
  });

  it('come in the shares that were asked for', async () => {
    const { rows } = await find({ balance: { column: 'side' } });
    for (const side of ['left', 'right', 'rare']) {
      expect(rows.filter(([each]) => each === side)).toHaveLength(100);
    }
    const shares = [
      { value: 'rare', share: 9 },
      { value: 'left', share: 1 },
    ];
    const { rows: mostlyRare } = await find({ rows: 60, balance: { column: 'side', shares } });
    expect(mostlyRare.filter(([side]) => side === 'rare')).toHaveLength(54);
  });

  it('are the same for the same seed', async () => {
    const wishes = { rows: 40, conditions: [{ column: 'side', equals: 'left' }] };
    expect(await find(wishes)).toEqual(await find(wishes));
    expect(await find(wishes)).not.toEqual(await find({ ...wishes, seed: 2 }));
  });

  it('are given up with the rate, where none come', async () => {
    const never: RowSampler = { draw: ({ rows }) => Array.from({ length: rows }, () => ['left', 0, null]) };
    await expect(find({ conditions: [{ column: 'side', equals: 'right' }] }, never)).rejects.toThrow(
      /did not meet: side is "right"\. 0 of 300 rows were found, 0\.00 % of those drawn/,
    );
  });

  it('hold an order between columns and never repeat what must be unique', async () => {
    const constraints = [
      { kind: 'inequality', low: 'value', high: 'gain', strict: true },
      { kind: 'unique', columns: ['side', 'gain'] },
    ] as const;
    const wishes = { rows: 200, constraints: constraints.map((each) => ({ ...each })) as RowWishes['constraints'] };
    const { rows, hitRate } = await find(wishes);
    expect(rows.filter(([, value, gain]) => gain !== null && Number(value) >= Number(gain))).toEqual([]);
    expect(new Set(rows.map(([side, , gain]) => `${side} ${gain}`)).size).toBe(200);
    expect(hitRate).toBeGreaterThan(0);
    expect(hitRate).toBeLessThan(1);
    expect(await find(wishes)).toEqual({ rows, hitRate });
  });

  it('end where hardly any row meets a constraint, and do not go on for ever', async () => {
    let drawn = 0;
    const rare: RowSampler = {
      draw: ({ rows }) => Array.from({ length: rows }, () => ['left', drawn++ % 40_000 === 0 ? -1 : 1, 0]),
    };
    const constraints = [{ kind: 'inequality' as const, low: 'value', high: 'gain' }];
    await expect(find({ rows: 1_000, constraints }, rare)).rejects.toThrow(
      /^Of 2,000,000 rows drawn hardly any met: value <= gain\. \d+ of 1000 rows were found, 0\.0\d % of those drawn\. Loosen the conditions and constraints/,
    );
    expect(drawn).toBe(2_000_000);
  });

  it('share out a number of rows without losing one', () => {
    expect(largestRemainders([1 / 3, 1 / 3, 1 / 3], 100)).toEqual([34, 33, 33]);
    expect(largestRemainders([0.05, 0.95], 10)).toEqual([1, 9]);
  });
});
