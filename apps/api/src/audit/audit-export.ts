import type { AuditEntry } from '@gan-dashboard/shared-types';
import { escapedCell } from '../platform/http/escape-formulas';

const header = ['id', 'at', 'actor', 'action', 'run_id', 'subject', 'detail'] as const;

/** RFC 4180, with formulas made harmless: names and notes come from people. */
export async function* auditCsv(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  yield `${header.join(',')}\r\n`;
  for await (const entry of entries) yield `${header.map((name) => cellOf(entry[name])).join(',')}\r\n`;
}

/** One entry a line, as the list has it. */
export async function* auditNdjson(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}

function cellOf(value: AuditEntry[keyof AuditEntry]): string {
  const text = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  const escaped = escapedCell(text);
  return /[",\r\n]/.test(escaped) ? `"${escaped.replaceAll('"', '""')}"` : escaped;
}
