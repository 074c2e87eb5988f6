import { Injectable, inject, signal } from '@angular/core';
import type { ManyMetrics } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { ManyRunsApi } from '../runs/many-runs-api';

type Items = ManyMetrics['items'];

/** What most charts are opened for, and every run of a GAN has: asked for before it is known what there is. */
const firstMetrics: readonly string[] = ['generator_loss', 'discriminator_loss'];
/** In one request: the first of them are drawn while the others are read. */
const metricsARequest = 4;
/** Wide enough for what a card shows of a hundred lines. */
const points = 100;
/** The least that the server takes, where only the names are of interest. */
const fewestPoints = 10;

/** Series of many runs, read metric by metric: first the losses, then what comes into sight. */
@Injectable()
export class ComparedSeries {
  private readonly api = inject(ManyRunsApi);
  private readonly read = signal<ReadonlyMap<string, Items>>(new Map());
  private readonly found = signal<readonly string[]>([]);
  private readonly asked = new Set<string>();
  private wishes: string[] = [];
  private ids: readonly string[] = [];

  /** By metric; a run without it is left out of its items. */
  readonly byMetric = this.read.asReadonly();
  /** All metrics that the runs have a series of, once that is known. */
  readonly names = this.found.asReadonly();
  readonly problem = signal<ApiProblem | null>(null);

  /** Starts anew with other runs; the same ones are read again. */
  async open(ids: readonly string[]): Promise<void> {
    this.ids = ids;
    this.asked.clear();
    this.wishes = [];
    this.read.set(new Map());
    this.found.set([]);
    this.problem.set(null);
    if (ids.length === 0) return;
    for (const name of firstMetrics) this.asked.add(name);
    await this.ask(firstMetrics);
    await this.findNames(ids);
  }

  /** All that are wanted at one time are asked for together. */
  want(name: string): void {
    if (this.asked.has(name)) return;
    this.asked.add(name);
    if (this.wishes.push(name) === 1) queueMicrotask(() => this.askForWishes());
  }

  private askForWishes(): void {
    const names = this.wishes;
    this.wishes = [];
    for (let start = 0; start < names.length; start += metricsARequest) {
      void this.ask(names.slice(start, start + metricsARequest));
    }
  }

  private async ask(names: readonly string[]): Promise<void> {
    await this.attempt(async (ids) => {
      const items = await this.api.metrics(ids, names, points);
      return () =>
        this.read.update((read) => new Map([...read, ...names.map((name) => [name, only(items, name)] as const)]));
    });
  }

  /** What the machine did stands in no summary: only the series say that there is such a metric. */
  private async findNames(ids: readonly string[]): Promise<void> {
    if (ids !== this.ids) return;
    await this.attempt(async () => {
      const items = await this.api.metrics(ids, [], fewestPoints);
      return () => this.found.set([...new Set(items.flatMap(({ series }) => series.map(({ name }) => name)))]);
    });
  }

  /** What was read of other runs than are open by then is let go. */
  private async attempt(work: (ids: readonly string[]) => Promise<() => void>): Promise<void> {
    const { ids } = this;
    try {
      const take = await work(ids);
      if (ids === this.ids) take();
    } catch (error) {
      if (ids === this.ids) this.problem.set(toApiProblem(error));
    }
  }
}

function only(items: Items, name: string): Items {
  return items.flatMap(({ run_id, series }) => {
    const own = series.filter((each) => each.name === name);
    return own.length === 0 ? [] : [{ run_id, series: own }];
  });
}
