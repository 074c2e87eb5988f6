import { describe, expect, it } from 'vitest';
import { Random } from '../../random/random';
import { takeRows } from '../table';
import { adultNote, isAdultPresent, readAdult } from '../testing/adult';
import { machineLearningEfficacy } from './efficacy';

describe.skipIf(!isAdultPresent)(`UCI Adult, protocol A${adultNote}`, () => {
  it('gives real rows about the F1 of 0.669 that SDGym publishes', () => {
    const adult = readAdult();
    const order = Random.of(1).permutation(adult.rowCount);
    const realTraining = takeRows(adult, order.subarray(0, 23_000));
    const realTest = takeRows(adult, order.subarray(23_000));
    const target = { column: 'income', positive: '>50K' };
    const { f1, learners } = machineLearningEfficacy({ training: realTraining, realTraining, realTest, target });
    expect(Math.abs((f1 ?? 0) - 0.669)).toBeLessThan(0.015);
    for (const each of Object.values(learners)) expect(each.f1).toBeGreaterThan(0.64);
  });
});
