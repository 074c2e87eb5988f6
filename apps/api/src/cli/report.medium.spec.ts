import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportContentSchema } from '@gan-dashboard/shared-types';
import { smallTable } from '../testing/small-runs';
import { CommandLine } from './testing/command-line';

describe('the report command', { timeout: 60_000 }, () => {
  let folder: string;
  const run = (...args: string[]) => CommandLine.run(['report', ...args], folder);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gan-cli-report-'));
    await writeFile(join(folder, 'real.csv'), smallTable());
    await writeFile(join(folder, 'copy.csv'), smallTable());
    await writeFile(join(folder, 'other.csv'), 'other\n1\n2\n3\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('writes one HTML file, replaces none unasked, and leaves nothing else', async () => {
    const first = await run('real.csv', 'copy.csv', '--out', 'r.html');
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toContain('Column shapes');
    expect(await readFile(join(folder, 'r.html'), 'utf8')).toContain('<h1>Quality of copy.csv beside real.csv</h1>');
    expect((await readdir(folder)).sort()).toEqual(['copy.csv', 'other.csv', 'r.html', 'real.csv']);
    expect((await run('real.csv', 'copy.csv', '--out', 'r.html')).code).toBe(2);
  });

  it('says all figures as JSON', async () => {
    const { stdout, code } = await run('real.csv', 'copy.csv', '--json', '--seed', '3');
    expect(code).toBe(0);
    const content = reportContentSchema.parse(JSON.parse(stdout));
    expect(content.lineage.seed).toBe(3);
    expect(content.privacy?.check.exact_share).toBe(1);
  });

  it('fails with the reason', async () => {
    expect(await run('real.csv', 'other.csv')).toMatchObject({ code: 1, stderr: expect.stringContaining('lacks') });
    expect((await run('real.csv', 'absent.csv')).code).toBe(2);
  });
});
