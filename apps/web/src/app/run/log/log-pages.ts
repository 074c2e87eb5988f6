import { Injectable, inject, signal } from '@angular/core';
import type { LogEntry } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../../api/api-problem';
import type { ApiProblem } from '../../api/api-problem';
import { LogApi } from './log-api';

export const pageLines = 500;
/** Pages that are held: a reader who scrolls through a million lines keeps some 20,000 of them. */
const maxPages = 40;

/** Lines of one log by their numbers, read page by page as they come into sight. */
@Injectable()
export class LogPages {
  private readonly api = inject(LogApi);
  private runId = '';
  private readonly pages = new Map<number, ReadonlyMap<number, LogEntry>>();
  private readonly asked = new Set<number>();
  /** Rises with every page that came. */
  readonly version = signal(0);
  readonly problem = signal<ApiProblem | null>(null);

  open(runId: string): void {
    if (runId === this.runId) return;
    this.runId = runId;
    this.pages.clear();
    this.asked.clear();
    this.problem.set(null);
    this.version.update((version) => version + 1);
  }

  line(line: number): LogEntry | undefined {
    return this.pages.get(Math.floor((line - 1) / pageLines))?.get(line);
  }

  /** Reads the pages of lines that are not held. A page that the log has outgrown is read again. */
  want(lines: readonly number[]): void {
    const missing = lines.filter((line) => !this.line(line)).map((line) => Math.floor((line - 1) / pageLines));
    for (const page of new Set(missing)) if (!this.asked.has(page)) void this.read(page);
  }

  private async read(page: number): Promise<void> {
    const runId = this.runId;
    this.asked.add(page);
    try {
      const { items } = await this.api.page(runId, page * pageLines + 1, pageLines);
      if (runId !== this.runId) return;
      this.pages.delete(page);
      this.pages.set(page, new Map(items.map((entry) => [entry.line, entry])));
      for (const oldest of [...this.pages.keys()].slice(0, -maxPages)) this.pages.delete(oldest);
      this.problem.set(null);
      this.version.update((version) => version + 1);
    } catch (error) {
      if (runId === this.runId) this.problem.set(toApiProblem(error));
    } finally {
      this.asked.delete(page);
    }
  }
}
