import { ChangeDetectionStrategy, Component, effect, inject } from '@angular/core';
import { Skeleton } from '../design/skeleton';
import { ProblemNotice } from '../problems/problem-notice';
import { RunReportsPanel } from '../reports/run-reports-panel';
import { Selection } from '../workspace/selection';
import { AuditPanel } from './audit-panel';
import { CheckpointsPanel } from './checkpoints-panel';
import { OpenRun } from './open-run';
import { RunCharts } from './run-charts';
import { RunHead } from './run-head';
import { LogView } from './log/log-view';
import { QualityPanel } from './quality/quality-panel';
import { SamplesPanel } from './samples-panel';

/** The open run. */
@Component({
  selector: 'gd-run-view',
  imports: [
    AuditPanel,
    CheckpointsPanel,
    LogView,
    ProblemNotice,
    QualityPanel,
    RunCharts,
    RunHead,
    RunReportsPanel,
    SamplesPanel,
    Skeleton,
  ],
  providers: [OpenRun],
  template: `
    @if (store.problem(); as problem) {
      <gd-problem-notice what="The run could not be loaded" i18n-what [problem]="problem" (retry)="store.reload()" />
    }
    @if (open.logProblem(); as problem) {
      <gd-problem-notice
        what="The log could not be downloaded"
        i18n-what
        [problem]="problem"
        [canDismiss]="true"
        (retry)="open.downloadLog()"
        (dismiss)="open.logProblem.set(null)"
      />
    }
    @if (store.picture(); as picture) {
      <gd-run-head [picture]="picture" [datasetName]="open.datasetName()" (fork)="open.forkFrom(picture)" />
      <gd-run-charts [series]="picture.series" [quality]="picture.quality" [note]="open.note()" />
      <gd-quality-panel [run]="picture.run" [quality]="picture.quality" />
      <gd-log-view [runId]="picture.run.id" [tail]="picture.log" (download)="open.downloadLog()" />
      <gd-checkpoints-panel
        [checkpoints]="picture.checkpoints"
        (fork)="open.forkFrom(picture, $event)"
        (changed)="store.reload()"
      />
      <gd-samples-panel [run]="picture.run" [checkpoints]="picture.checkpoints" />
      <gd-run-reports-panel [run]="picture.run" [hasCheckpoint]="picture.checkpoints.length > 0" />
      <gd-audit-panel [runId]="picture.run.id" [status]="picture.run.status" />
    } @else if (!store.problem()) {
      <section class="gd-card"><gd-skeleton [lines]="4" /></section>
      <section class="gd-card"><gd-skeleton [lines]="8" /></section>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 12px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunView {
  protected readonly open = inject(OpenRun);
  protected readonly store = this.open.store;

  constructor() {
    const selection = inject(Selection);
    effect(() => this.store.open(selection.runId()));
  }
}
