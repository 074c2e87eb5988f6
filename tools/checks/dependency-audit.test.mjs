import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './dependency-audit.mjs';

const metadata = { vulnerabilities: {} };

test('a grave weakness of a dependency is named', () => {
  const vulnerabilities = {
    a: { name: 'a', severity: 'high', range: '<2.0.0' },
    b: { name: 'b', severity: 'low', range: '*' },
  };
  assert.deepEqual(judge(JSON.stringify({ metadata, vulnerabilities })), { kind: 'weak', lines: ['a <2.0.0: high'] });
});

test('none is clean', () => {
  assert.equal(judge(JSON.stringify({ metadata, vulnerabilities: {} })).kind, 'clean');
});

test('a registry without an answer is told, and neither clean nor weak', () => {
  for (const text of ['', '<html>', '{"error":{"summary":"ENOAUDIT"}}', '{"message":"404"}']) {
    assert.equal(judge(text).kind, 'unknown');
  }
});
