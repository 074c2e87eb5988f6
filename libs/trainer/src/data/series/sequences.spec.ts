import { describe, expect, it } from 'vitest';
import { instrumentColumns, instruments } from '../../testing/sequences';
import { column, memoryTable, quantities } from '../../testing/tables';
import { sequenceColumnsOf, sequenceMistake } from './sequence-columns';
import { orderRows, windowStarts } from './sequence-rows';
import { readSequences } from './sequence-table';

const withoutKey = instrumentColumns.map(({ sequence_role: _, ...rest }) => rest);

describe('columns of a table of sequences', () => {
  it('are sorted by their sequence role, the first column of times being the time', () => {
    const { time, key, features, ids } = sequenceColumnsOf([
      ...instrumentColumns,
      column({ name: 'number', type: 'integer', role: 'id' }),
    ]);
    expect([time?.name, key?.name, ids.map(({ name }) => name)]).toEqual(['day', 'instrument', ['number']]);
    expect(features.map(({ name }) => name)).toEqual(['currency', 'bid', 'ask', 'state', 'volume']);
  });

  it('refuse two keys, and a table of which nothing is left', () => {
    const two = instrumentColumns.map((each) => ({ ...each, sequence_role: 'key' as const }));
    expect(() => sequenceColumnsOf(two)).toThrow(/"day", "instrument".*have the sequence role key.*Keep one/);
    expect(() => sequenceColumnsOf(instrumentColumns.slice(0, 2))).toThrow(/No column changes along a sequence/);
  });

  it('ask for a key where times repeat, and say which column, how often and what to do', () => {
    const structure = { time_column: 'day', repeated_timestamps: 80 };
    const mistake = sequenceMistake(withoutKey, structure);
    expect(mistake).toContain('80 rows repeat the time of another in column "day"');
    expect(mistake).toContain('sequence role key (it may be "instrument", "currency", "state")');
    expect(sequenceMistake(instrumentColumns, structure)).toBeNull();
    expect(sequenceMistake(withoutKey, { ...structure, repeated_timestamps: 0 })).toBeNull();
    expect(sequenceMistake(withoutKey, null)).toBeNull();
  });

  it('say that a key must be added where no column can be one', () => {
    const numbers = withoutKey.filter(({ type }) => type !== 'text');
    expect(sequenceMistake(numbers, { time_column: 'day', repeated_timestamps: 2 })).toContain(
      'No column of the table',
    );
  });
});

describe('rows in order', () => {
  it('stand by key and time, whatever the order of the file', async () => {
    const table = await readSequences(instruments(), instrumentColumns, 100);
    expect([...table.rows.starts]).toEqual([0, 40, 80, 120]);
    const times = table.rows.times ?? new Float64Array();
    for (let place = 1; place < 40; place++) expect(times[place]).toBeGreaterThan(times[place - 1] ?? 0);
    expect(table.calendar).toMatchObject({ column: 'day', interval: 86_400_000, is_weekdays_only: true });
  });

  it('are refused where times repeat, within a key as without one', async () => {
    await expect(readSequences(instruments(), withoutKey, 100)).rejects.toThrow(/80 rows repeat the time of another/);
    const key = instrumentColumns.map(({ sequence_role: _, ...each }) =>
      each.name === 'currency' ? { ...each, sequence_role: 'key' as const } : each,
    );
    await expect(readSequences(instruments(), key, 100)).rejects.toThrow(
      /40 rows repeat a time of column "day" within one value of the key "currency"/,
    );
  });

  it('are refused where one has no time', async () => {
    const columns = [
      column({ name: 't', type: 'datetime', role: 'datetime' }),
      column({ name: 'x', type: 'number', role: 'numeric' }),
    ];
    const source = memoryTable({ t: quantities([1, null, 3]), x: quantities([1, 2, 3]) });
    await expect(orderRows(source, sequenceColumnsOf(columns), columns)).rejects.toThrow(
      /1 of 3 rows lack it \(the first is row 2\)/,
    );
  });

  it('know attributes by what never changes within a sequence', async () => {
    const { numbers, choices } = await readSequences(instruments(), instrumentColumns, 100);
    const attributes = [...numbers, ...choices].filter(({ isAttribute }) => isAttribute);
    expect(attributes.map(({ transform }) => transform.column.name)).toEqual(['instrument', 'currency']);
    const wrong = instrumentColumns.map((each) =>
      each.name === 'bid' ? { ...each, sequence_role: 'attribute' as const } : each,
    );
    await expect(readSequences(instruments(), wrong, 100)).rejects.toThrow(
      /"bid" has the sequence role attribute, but changes/,
    );
  });

  it('fill gaps with the value before, and remember them', async () => {
    const { numbers } = await readSequences(instruments(), instrumentColumns, 100);
    const volume = numbers.find(({ transform }) => transform.column.name === 'volume');
    expect(volume?.gaps?.[9]).toBe(1);
    expect(volume?.values[9]).toBe(volume?.values[8]);
    expect(volume?.transform.missing).toBe(volume?.gaps?.reduce((sum, gap) => sum + gap, 0));
  });

  it('give a key with many values anew instead of learning it', async () => {
    const { newKey, transforms } = await readSequences(instruments(), instrumentColumns, 2);
    expect(newKey).toBe('instrument');
    expect(transforms.find(({ column: { name } }) => name === 'instrument')?.kind).toBe('id');
  });
});

describe('windows', () => {
  it('begin every stride rows and never reach over the end of a sequence', () => {
    expect([...windowStarts({ starts: Uint32Array.of(0, 5, 8) }, 3, 1)]).toEqual([0, 1, 2, 5]);
    expect([...windowStarts({ starts: Uint32Array.of(0, 5, 8) }, 3, 2)]).toEqual([0, 2, 5]);
  });

  it('are refused where no sequence is long enough, with the longest that there is', () => {
    expect(() => windowStarts({ starts: Uint32Array.of(0, 5, 8) }, 6, 1)).toThrow(
      /No sequence has 6 rows.*the longest of 2 has 5.*at most 5/,
    );
  });
});
