import { describe, expect, it } from 'vitest';
import { fullReport, Random } from '@gan-dashboard/trainer';
import type { QualityTable } from '@gan-dashboard/trainer';
import { privacyCheck } from './privacy-check';
import { privacyReading } from './privacy-reading';

const nothing = { scores: [], rows: { real: 0, synthetic: 0, holdout: null } };

function rows(count: number, seed: number): QualityTable {
  const random = Random.of(seed, 'privacy rows');
  const column = (name: string) => {
    const values = Float64Array.from({ length: count }, () => random.uniform());
    return { name, role: 'numeric' as const, data: { kind: 'quantity' as const, values } };
  };
  return { rowCount: count, columns: [column('x'), column('y'), column('z')] };
}

describe('privacyCheck', () => {
  it('finds nothing in other rows of the same law: 5 % are as near as 5 % of real rows', () => {
    const check = privacyCheck(rows(2_000, 1), rows(1_000, 2), 7);
    expect(check).toMatchObject({ exact_matches: 0, exact_share: 0, expected_exact_share: 0, dcr_rows: 1_000 });
    expect(check.dcr_share).toBeGreaterThan(0.9);
    expect(check.dcr_share).toBeLessThanOrEqual(1);
    expect(privacyReading(check, nothing).verdict).toBe('no_sign_of_copying');
  });

  it('finds copies, and rows that are almost copies', () => {
    const real = rows(2_000, 1);
    const copies = privacyCheck(real, real, 7);
    expect(copies).toMatchObject({ exact_matches: 2_000, exact_share: 1, dcr_share: 0 });
    expect(privacyReading(copies, nothing).verdict).toBe('copying');

    const near = real.columns.map((column) => {
      const values = column.data.kind === 'quantity' ? column.data.values.map((value) => value + 1e-6) : undefined;
      return values ? { ...column, data: { kind: 'quantity' as const, values } } : column;
    });
    const almost = privacyCheck(real, { ...real, columns: near }, 7);
    expect(almost).toMatchObject({ exact_matches: 0, dcr_share: 0 });
    expect(privacyReading(almost, nothing).verdict).toBe('copying');
  });

  it('knows what is equal by chance', () => {
    const coin = (count: number, seed: number): QualityTable => {
      const random = Random.of(seed, 'coins');
      const codes = Int32Array.from({ length: count }, () => random.integer(2));
      return {
        rowCount: count,
        columns: [{ name: 'coin', role: 'categorical', data: { kind: 'category', codes, values: ['heads', 'tails'] } }],
      };
    };
    const check = privacyCheck(coin(500, 1), coin(500, 2), 7);
    expect(check).toMatchObject({ exact_share: 1, expected_exact_share: 1, dcr_share: 1, dcr_threshold: 0 });
    expect(privacyReading(check, nothing).verdict).toBe('no_sign_of_copying');
  });

  it('says so where there are too few real rows', () => {
    expect(() => privacyCheck(rows(4, 1), rows(10, 2), 7)).toThrow('4 rows: 5 are the least');
  });
});

describe('privacyReading with rows that were held out', () => {
  const real = rows(2_000, 1);
  const heldOut = rows(100, 3);
  const read = async (synthetic: QualityTable) => {
    const quality = await fullReport({ real, synthetic, holdout: heldOut, sections: ['privacy'], seed: 7 });
    return privacyReading(privacyCheck(real, synthetic, 7), quality);
  };

  it('says what chance gives beside the share that is closer to training rows, and the NNDR', async () => {
    const { verdict, sentences } = await read(rows(1_000, 2));
    expect(verdict).toBe('no_sign_of_copying');
    const told = sentences.join(' ');
    expect(told).toContain(
      'than to any of the 100 that were held out; 95.2 % is what chance gives. Chance explains that.',
    );
    expect(told).toMatch(/as far as the second closest \(median NNDR\); for held-out rows that is/);
  });

  it('does not take copies for chance', async () => {
    const { verdict, sentences } = await read(real);
    expect(verdict).toBe('copying');
    expect(sentences.join(' ')).toContain('That is more than chance explains.');
  });
});
