import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '@gan-dashboard/shared-types';
import { auditCsv, auditNdjson } from './audit-export';

const entry: AuditEntry = {
  id: 7,
  at: '2026-11-23T10:00:00.000Z',
  actor: '=cmd()',
  action: 'run.change',
  run_id: null,
  subject: 'a "name", quoted',
  detail: { notes: 'two\nlines' },
};

async function* entries(): AsyncGenerator<AuditEntry> {
  yield await Promise.resolve(entry);
}

describe('the audit trail as a file', () => {
  it('is CSV that a spreadsheet reads as text', async () => {
    const text = (await Readable.from(auditCsv(entries())).toArray()).join('');
    expect(text).toBe(
      'id,at,actor,action,run_id,subject,detail\r\n' +
        `7,2026-11-23T10:00:00.000Z,'=cmd(),run.change,,"a ""name"", quoted","{""notes"":""two\\nlines""}"\r\n`,
    );
  });

  it('is one JSON object a line, as the list has it', async () => {
    const lines = (await Readable.from(auditNdjson(entries())).toArray()) as string[];
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([entry]);
  });
});
