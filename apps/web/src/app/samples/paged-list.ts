import { signal } from '@angular/core';
import type { Page } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';

/** A list that is read page by page. */
export class PagedList<Item extends { id: string }> {
  private readonly loaded = signal<readonly Item[] | null>(null);
  private readonly cursor = signal<string | null>(null);
  /** Null until the first page came. */
  readonly items = this.loaded.asReadonly();
  /** Null: there is no further page. */
  readonly next = this.cursor.asReadonly();
  readonly problem = signal<ApiProblem | null>(null);

  constructor(
    private readonly read: (cursor?: string) => Promise<Page<Item>>,
    private readonly onItems: (items: readonly Item[]) => void,
  ) {}

  /** Reads the first page; what was read below it stays. */
  async load(): Promise<void> {
    await this.page(undefined);
  }

  async more(): Promise<void> {
    const cursor = this.cursor();
    if (cursor !== null) await this.page(cursor);
  }

  private async page(cursor: string | undefined): Promise<void> {
    try {
      const { items, next_cursor: next } = await this.read(cursor);
      const before = this.loaded() ?? [];
      const ids = new Set(items.map(({ id }) => id));
      const others = before.filter(({ id }) => !ids.has(id));
      // A first page that is read again must not forget how far the list was read.
      if (cursor !== undefined || others.length === 0) this.cursor.set(next);
      this.loaded.set(cursor === undefined ? [...items, ...others] : [...others, ...items]);
      this.problem.set(null);
      this.onItems(items);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    }
  }
}
