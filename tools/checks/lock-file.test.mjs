import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../workspace/root.mjs';
import { missingOptional } from './lock-file.mjs';

const text = readFileSync(join(root, 'package-lock.json'), 'utf8');

describe('package-lock.json', () => {
  it('holds every optional dependency, or npm ci fails on the platform that needs it', () => {
    assert.deepEqual(missingOptional(JSON.parse(text).packages), []);
  });

  it('names no registry: it must install from any', () => {
    const { packages } = JSON.parse(text);
    const resolved = Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined);
    assert.deepEqual(resolved, []);
    const hosts = [...text.matchAll(/"(?:resolved|registry)"|\bregistry\.[a-z0-9-]+\.[a-z]+/g)].map(([match]) => match);
    assert.deepEqual(hosts, []);
  });

  it('pins every package by its hash', () => {
    const loose = Object.entries(JSON.parse(text).packages)
      .filter(([path, { integrity, link, inBundle }]) => path !== '' && !integrity && !link && !inBundle)
      .map(([path]) => path);
    assert.deepEqual(loose, []);
  });
});

describe('missingOptional', () => {
  it('finds a nested entry, and one that is hoisted', () => {
    const packages = {
      '': { optionalDependencies: { a: '1' } },
      'node_modules/a': { optionalDependencies: { b: '1', c: '1', d: '1' } },
      'node_modules/a/node_modules/b': {},
      'node_modules/c': {},
    };
    assert.deepEqual(missingOptional(packages), ['node_modules/a needs d']);
  });
});
