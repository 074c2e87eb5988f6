import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppLogger } from './app-logger';
import { withLogContext } from './request-context';

const runId = '2f1acc6e-5ac1-4dd0-9d2c-0d1b7f7c4a11';

describe('AppLogger', () => {
  let dataDir: string;
  const lines: string[] = [];

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gan-dashboard-log-'));
    lines.length = 0;
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      lines.push(String(text));
      return true;
    });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('writes one JSON object a line with the ids of the work that it belongs to', () => {
    const logger = new AppLogger({ dataDir, logLevel: 'info', logFormat: 'json' });
    withLogContext({ request_id: 'r-1' }, () => logger.log('a "word"\nand a line', 'Test'));
    logger.log(`run ${runId} has ended`, 'Test');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 'info', context: 'Test', request_id: 'r-1', msg: 'a "word"\nand a line', pid: process.pid },
      { run_id: runId, msg: `run ${runId} has ended` },
    ]);
  });

  it('writes lines for people by default, and never a password', () => {
    new AppLogger({ dataDir, logLevel: 'info', logFormat: 'text' }).log('postgres://ann:secret@host/db', 'Test');
    expect(lines.join('')).toMatch(/info {2}\[Test\] postgres:\/\/ann:\*\*\*@host\/db\n$/);
  });
});
