import { describe, expect, it } from 'vitest';
import { RequestRate } from './request-rate';

describe('RequestRate', () => {
  it('lets a minute of requests through at once, then as many as the time has filled again', () => {
    const rate = new RequestRate(60);
    for (let index = 0; index < 60; index++) rate.count('ann', 1_000);
    expect(() => rate.count('ann', 1_000)).toThrow('Try again in 1 s.');
    expect(() => rate.count('ann', 2_100)).not.toThrow();
    expect(() => rate.count('ann', 2_100)).toThrow('RATE_LIMIT_PER_MINUTE');
  });

  it('counts each user and address on its own', () => {
    const rate = new RequestRate(1);
    rate.count('ann', 0);
    expect(() => rate.count('ann', 1)).toThrow('More than 1 requests');
    expect(() => rate.count('bob', 1)).not.toThrow();
  });

  it('does not count where there is no limit', () => {
    const rate = new RequestRate(0);
    for (let index = 0; index < 1_000; index++) expect(() => rate.count('ann', 0)).not.toThrow();
  });

  it('keeps no more addresses than it has room for', () => {
    const rate = new RequestRate(1);
    for (let index = 0; index < 10_001; index++) rate.count(`address ${index}`, 0);
    // The list was begun anew: the first is not known any more.
    expect(() => rate.count('address 0', 1)).not.toThrow();
  });
});
