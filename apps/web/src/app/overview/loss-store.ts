import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { fromWireNumber } from '@gan-dashboard/shared-types';
import type { EventMessage, WireNumber } from '@gan-dashboard/shared-types';
import { RunsApi } from '../api/runs-api';
import { FrameBatch } from '../live/frame-batch';
import { LiveEvents } from '../live/live-events';
import type { SparkSeries } from './spark';

export const lossNames = ['generator_loss', 'discriminator_loss'] as const;
export type LossName = (typeof lossNames)[number];
export type Losses = Readonly<Record<LossName, SparkSeries>>;

const empty: SparkSeries = { step: [], value: [] };
const noLosses: Losses = { generator_loss: empty, discriminator_loss: empty };
/** A run of days stays bounded. */
const mostPoints = 4_000;

/** Both losses of the runs that are shown: read once, then carried on by the stream. Lives as long as its page. */
@Injectable()
export class LossStore {
  private readonly api = inject(RunsApi);
  private readonly byRun = signal<ReadonlyMap<string, Losses>>(new Map());
  private readonly asked = new Set<string>();
  private readonly batch = new FrameBatch<EventMessage>((messages) => this.take(messages));

  /** Why the history of a run is not shown; what comes from now on is. */
  readonly failed = signal<ReadonlySet<string>>(new Set());

  constructor() {
    const live = inject(LiveEvents);
    live.messages.pipe(takeUntilDestroyed()).subscribe((message) => {
      if (message.type === 'training_update') this.batch.push(message);
    });
    live.resync.pipe(takeUntilDestroyed()).subscribe(() => this.asked.forEach((id) => void this.read(id)));
    inject(DestroyRef).onDestroy(() => this.batch.clear());
  }

  of(runId: string): Losses {
    return this.byRun().get(runId) ?? noLosses;
  }

  /** Reads what has not been read yet, and forgets runs that are no longer shown. */
  show(runIds: readonly string[]): void {
    const wanted = new Set(runIds);
    for (const id of this.asked) if (!wanted.has(id)) this.asked.delete(id);
    this.byRun.update((known) => new Map([...known].filter(([id]) => wanted.has(id))));
    for (const id of runIds) {
      if (this.asked.has(id)) continue;
      this.asked.add(id);
      void this.read(id);
    }
  }

  private async read(id: string): Promise<void> {
    try {
      const { series } = await this.api.metrics(id);
      const read = (name: LossName) => {
        const found = series.find((one) => one.name === name);
        const history = found ? { step: found.step, value: found.last.map(fromWireNumber) } : empty;
        return joined(history, this.of(id)[name]);
      };
      if (this.asked.has(id)) {
        this.set(id, { generator_loss: read('generator_loss'), discriminator_loss: read('discriminator_loss') });
      }
      this.failed.update((ids) => new Set([...ids].filter((other) => other !== id)));
    } catch {
      // A picture beside the figures: it says so itself, and the stream goes on filling it.
      this.failed.update((ids) => new Set([...ids, id]));
    }
  }

  private take(messages: readonly EventMessage[]): void {
    for (const message of messages) {
      if (message.type !== 'training_update' || !this.asked.has(message.run_id)) continue;
      const { step, generator_loss: generator, discriminator_loss: discriminator } = message.data;
      const known = this.of(message.run_id);
      this.set(message.run_id, {
        generator_loss: appended(known.generator_loss, step, generator),
        discriminator_loss: appended(known.discriminator_loss, step, discriminator),
      });
    }
  }

  private set(id: string, losses: Losses): void {
    this.byRun.update((known) => new Map(known).set(id, losses));
  }
}

/** A value that was not measured, or that the history already holds, changes nothing. */
function appended(points: SparkSeries, step: number, value: WireNumber | undefined): SparkSeries {
  if (value === undefined || step <= (points.step.at(-1) ?? -1)) return points;
  return thinned({ step: [...points.step, step], value: [...points.value, fromWireNumber(value)] });
}

/** Drops every second point of the older half. */
function thinned(points: SparkSeries): SparkSeries {
  const half = points.step.length / 2;
  if (points.step.length <= mostPoints) return points;
  const isKept = (_: number, index: number) => index >= half || index % 2 === 0;
  return { step: points.step.filter(isKept), value: points.value.filter(isKept) };
}

/** History, and what the stream brought while it was read. */
function joined(history: SparkSeries, live: SparkSeries): SparkSeries {
  const last = history.step.at(-1) ?? -1;
  const fresh = live.step.findIndex((step) => step > last);
  if (fresh === -1) return history;
  return { step: [...history.step, ...live.step.slice(fresh)], value: [...history.value, ...live.value.slice(fresh)] };
}
