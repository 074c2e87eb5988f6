import { expect, it } from 'vitest';
import { FlushPacer } from './flush-pacer';

/** Writes once for each group of publications. */
function pacerAfter(groups: number[]): FlushPacer {
  const pacer = new FlushPacer(25);
  let publication = 0;
  for (const size of groups) {
    for (let index = 0; index < size; index++) pacer.arrived(++publication);
    pacer.written();
  }
  return pacer;
}

it('never rests while each write carries one publication', () => {
  expect(pacerAfter([1, 1, 1, 1]).rest).toBe(0);
});

it('rests longer and longer while writes carry several, up to its limit', () => {
  expect(pacerAfter([2]).rest).toBe(2);
  expect(pacerAfter([2, 3, 2]).rest).toBe(8);
  expect(pacerAfter(Array.from({ length: 10 }, () => 5)).rest).toBe(25);
});

it('comes back to no rest when the load is over', () => {
  expect(pacerAfter([...Array.from({ length: 10 }, () => 5), 1, 1, 1, 1]).rest).toBe(0);
});

it('counts what was published together once', () => {
  const pacer = new FlushPacer(25);
  for (let frame = 0; frame < 10; frame++) pacer.arrived(1);
  pacer.written();
  expect(pacer.rest).toBe(0);
});
