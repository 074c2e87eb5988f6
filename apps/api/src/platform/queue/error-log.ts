import type { Logger } from '@nestjs/common';

const quietMs = 60_000;

/** Logs an error once a minute: while the database is away, every poll fails with the same one. */
export class ErrorLog {
  private readonly heard = new Map<string, number>();

  constructor(private readonly logger: Logger) {}

  add(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    // pg-boss adds the id of the worker, which differs from poll to poll of the same outage.
    const kind = text.replace(/\s*\(Queue: .*\)$/, '');
    const last = this.heard.get(kind);
    const now = Date.now();
    if (last !== undefined && now - last < quietMs) {
      this.logger.debug(text);
      return;
    }
    for (const [key, at] of this.heard) if (now - at >= quietMs) this.heard.delete(key);
    this.heard.set(kind, now);
    this.logger.error(text);
  }
}
