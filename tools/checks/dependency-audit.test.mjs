import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, readAllowed } from './dependency-audit.mjs';

const metadata = { vulnerabilities: {} };
const url = 'https://example.com/advisories/1';
const advisory = { name: 'a', severity: 'high', range: '<2.0.0', title: 'reads too far', url };
const report = JSON.stringify({
  metadata,
  vulnerabilities: {
    a: { name: 'a', severity: 'high', range: '<2.0.0', via: [advisory] },
    b: { name: 'b', severity: 'low', range: '*', via: [{ ...advisory, severity: 'low', url: `${url}0` }] },
    c: { name: 'c', severity: 'high', range: '*', via: ['a'] },
  },
});
const allowed = { advisory: url, reason: 'its parser is never called', until: '2026-12-31' };

test('a grave weakness is named once, however many packages lead to it', () => {
  const lines = [`a <2.0.0: high, reads too far, ${url}`];
  assert.deepEqual(judge(report), { kind: 'weak', lines });
});

test('a grave package whose cause is not told stands for itself', () => {
  const vulnerabilities = { a: { name: 'a', severity: 'critical', range: '*' } };
  assert.deepEqual(judge(JSON.stringify({ metadata, vulnerabilities })), { kind: 'weak', lines: ['a *: critical'] });
});

test('an exception holds until its last day, and is told', () => {
  const { kind, lines } = judge(report, [allowed], '2026-12-31');
  assert.equal(kind, 'clean');
  assert.match(lines[1], /^allowed: a .*until 2026-12-31: its parser is never called/);
  assert.equal(judge(report, [allowed], '2027-01-01').kind, 'weak');
});

test('an exception without use is told', () => {
  const { kind, lines } = judge(JSON.stringify({ metadata, vulnerabilities: {} }), [allowed], '2026-12-31');
  assert.deepEqual([kind, lines[1]], ['clean', `${url} is not found any more: take it off the list`]);
});

test('an exception needs an address, a reason and a day', () => {
  assert.deepEqual(readAllowed(JSON.stringify([allowed])), [allowed]);
  for (const change of [{ advisory: '1' }, { reason: ' ' }, { until: 'never' }]) {
    assert.throws(() => readAllowed(JSON.stringify([{ ...allowed, ...change }])), /needs "advisory"/);
  }
});

test('a registry without an answer is told, and neither clean nor weak', () => {
  const texts = ['', '<html>', 'null', '{"error":{"summary":"ENOAUDIT"}}', '{"message":"404","error":{"summary":""}}'];
  for (const text of texts) assert.equal(judge(text).kind, 'unknown');
});
