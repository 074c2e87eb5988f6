import { Injectable, inject, signal } from '@angular/core';
import type { HealthAlert, RunMessage } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../../api/api-problem';
import type { ApiProblem } from '../../api/api-problem';
import type { ChartMark } from '../../charts/metric/chart-words';
import { RunPageApi } from '../page/run-page-api';
import { markOf, maxMarks, storedMark } from './chart-marks';

/** Alerts, pauses and samples of the run: those before the page was opened, and those that it hears of. */
@Injectable()
export class RunMarks {
  private readonly api = inject(RunPageApi);
  /** By the place in the log, which tells what was read and heard of apart from what happened twice. */
  private readonly bySeq = signal<ReadonlyMap<number, ChartMark>>(new Map());
  private runId: string | null = null;
  readonly problem = signal<ApiProblem | null>(null);

  async open(runId: string): Promise<void> {
    if (runId === this.runId) return;
    // What was heard before the first reading is of this run.
    if (this.runId !== null) this.bySeq.set(new Map());
    this.runId = runId;
    await this.read();
  }

  /** A reading that fails leaves what is there, and the stream goes on. */
  async read(): Promise<void> {
    const { runId } = this;
    if (runId === null) return;
    try {
      const marks = await this.api.marks(runId);
      if (runId !== this.runId) return;
      this.put(marks.map((mark) => [mark.seq, storedMark(mark)]));
      this.problem.set(null);
    } catch (error) {
      if (runId === this.runId) this.problem.set(toApiProblem(error));
    }
  }

  hear(message: RunMessage, step: number): void {
    const mark = markOf(message, step);
    // What was read has the step that the server knows.
    if (mark && !this.bySeq().has(message.seq)) this.put([[message.seq, mark]]);
  }

  /** In the order of the log, with the verdict that the run itself keeps, whose event may be gone. */
  with(health: HealthAlert | null | undefined): ChartMark[] {
    const marks = [...this.bySeq()].toSorted(([a], [b]) => a - b).map(([, mark]) => mark);
    if (!health || health.severity === 'ok') return marks;
    const verdict: ChartMark = { kind: 'alert', step: health.step, label: health.message };
    const isThere = marks.some(
      ({ kind, step, label }) => kind === 'alert' && step === health.step && label === health.message,
    );
    return isThere ? marks : [verdict, ...marks];
  }

  private put(entries: readonly (readonly [number, ChartMark])[]): void {
    this.bySeq.update((marks) => {
      const all = [...new Map([...marks, ...entries])].toSorted(([a], [b]) => a - b);
      return new Map(all.slice(-maxMarks));
    });
  }
}
