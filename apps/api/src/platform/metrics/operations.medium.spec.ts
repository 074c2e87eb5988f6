import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { APP_CONFIG } from '../configuration/app-config';
import { startTestApp } from '../../testing/test-app';
import type { TestApp } from '../../testing/test-app';

const deployFile = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../../../docs/deploy/${name}`, import.meta.url)), 'utf8');

/** Every name in an expression of Prometheus that could be one of a metric of this process. */
function metricNames(expressions: string): string[] {
  const names = expressions.match(/\b(gan_dashboard|process|nodejs)_[a-z0-9_]+/g) ?? [];
  return [...new Set(names)];
}

describe('what operators look at', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  }, 60_000);
  afterAll(() => server.close());

  it('says that database, disk and queue are ready, and which one is not', async () => {
    const ready = await fetch(`${server.url}/readyz`);
    expect(await ready.json()).toEqual({ status: 'ok', checks: { database: 'ok', disk: 'ok', queue: 'ok' } });
    const config = server.app.get<{ minFreeDiskBytes: number }>(APP_CONFIG);
    const before = config.minFreeDiskBytes;
    config.minFreeDiskBytes = Number.MAX_SAFE_INTEGER;
    const full = await fetch(`${server.url}/readyz`);
    config.minFreeDiskBytes = before;
    expect(full.status).toBe(503);
    expect(await full.json()).toMatchObject({
      errors: [{ path: 'disk', message: expect.stringContaining('Free some') }],
    });
  });

  it('exports every metric that the dashboard and the alert rules name', async () => {
    await fetch(`${server.url}/api/v1/runs`);
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const exported = new Set(
      [...text.matchAll(/^# TYPE (\S+) (\w+)/gm)].flatMap(([, name = '', type]) => seriesOf(name, type)),
    );
    const panels = JSON.parse(deployFile('grafana-dashboard.json')) as { panels: { targets: { expr: string }[] }[] };
    const rules = parse(deployFile('alerts.yaml')) as { groups: { rules: { expr: string }[] }[] };
    const expressions = [
      ...panels.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
      ...rules.groups.flatMap((group) => group.rules.map(({ expr }) => expr)),
    ];
    const named = metricNames(expressions.join('\n'));
    expect(named.length).toBeGreaterThan(12);
    expect(named.filter((name) => !exported.has(name))).toEqual([]);
  });

  it('counts requests by route, not by path', async () => {
    await fetch(`${server.url}/api/v1/runs/2f1acc6e-5ac1-4dd0-9d2c-0d1b7f7c4a11`);
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toMatch(/request_duration_seconds_count\{method="GET",route="\/api\/v1\/runs\/:id",status="404"\} 1/);
    expect(text).not.toContain('2f1acc6e');
  });

  it('gives each request an id, or takes over that of a proxy', async () => {
    const own = await fetch(`${server.url}/healthz`);
    expect(own.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const given = await fetch(`${server.url}/healthz`, { headers: { 'x-request-id': 'proxy-17' } });
    expect(given.headers.get('x-request-id')).toBe('proxy-17');
    const forged = await fetch(`${server.url}/healthz`, { headers: { 'x-request-id': 'a b"}' } });
    expect(forged.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

function seriesOf(name: string, type: string | undefined): string[] {
  return type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}
