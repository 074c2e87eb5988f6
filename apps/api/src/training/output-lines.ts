import { StringDecoder } from 'node:string_decoder';
import type { LogEntry } from '@gan-dashboard/shared-types';

const longestLine = 8_192;

/** Cuts a process's output into lines. What is longer than 8,192 characters is cut and says so. */
export class OutputLines {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';

  constructor(private readonly onLine: (line: string) => void) {}

  write(chunk: Buffer): void {
    const lines = (this.rest + this.decoder.write(chunk)).split(/\r?\n/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.emit(line);
    if (this.rest.length > longestLine) {
      this.emit(this.rest);
      this.rest = '';
    }
  }

  end(): void {
    const rest = this.rest + this.decoder.end();
    this.rest = '';
    if (rest) this.emit(rest);
  }

  private emit(line: string): void {
    const text = cleanText(line);
    if (text.trim() === '') return;
    this.onLine(text.length > longestLine ? `${text.slice(0, longestLine)} … (${text.length} characters, cut)` : text);
  }
}

/** Postgres takes neither NUL nor half a surrogate pair in text. */
export function cleanText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

/** A line on stderr is an error only if it says so. */
export function levelOf(line: string): LogEntry['level'] {
  if (/(error|exception|fatal|traceback)\b/i.test(line)) return 'error';
  if (/warn(ing)?\b/i.test(line)) return 'warning';
  return 'info';
}
