import type { ElementRef } from '@angular/core';
import {
  ChangeDetectionStrategy,
  Component,
  afterRenderEffect,
  computed,
  effect,
  inject,
  viewChild,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, RouterLink } from '@angular/router';
import { DatasetsStore } from '../../datasets/datasets-store';
import { Skeleton } from '../../design/skeleton';
import { ProblemNotice } from '../../problems/problem-notice';
import { RunReportsPanel } from '../../reports/run-reports-panel';
import { RunsStore } from '../../runs/runs-store';
import { TrainingDraft } from '../../training/training-draft';
import { Selection } from '../../workspace/selection';
import { AuditPanel } from '../audit-panel';
import { CheckpointsPanel } from '../checkpoints-panel';
import { OpenRun } from '../open-run';
import { QualityPanel } from '../quality/quality-panel';
import { MetricCharts } from '../charts/metric-charts';
import { RunHead } from '../run-head';
import { LogView } from '../log/log-view';
import { SamplesPanel } from '../samples-panel';
import { TimeMachine } from '../time-machine/time-machine';
import { EventsPanel } from './events-panel';
import { PrivacyPanel } from './privacy-panel';
import { RunOverview } from './run-overview';
import { RunPageSelection } from './run-page-selection';
import { SystemPanel } from './system-panel';
import { runTabs, tabOf } from './run-tabs';

/** One run on a page of its own, `/runs/{id}?tab=…`. */
@Component({
  selector: 'gd-run-page',
  imports: [
    AuditPanel,
    CheckpointsPanel,
    EventsPanel,
    PrivacyPanel,
    ProblemNotice,
    QualityPanel,
    RouterLink,
    MetricCharts,
    RunHead,
    LogView,
    RunOverview,
    RunReportsPanel,
    SamplesPanel,
    Skeleton,
    SystemPanel,
    TimeMachine,
  ],
  providers: [{ provide: Selection, useClass: RunPageSelection }, OpenRun],
  templateUrl: './run-page.html',
  styleUrl: './run-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunPage {
  protected readonly open = inject(OpenRun);
  protected readonly store = this.open.store;
  private readonly route = inject(ActivatedRoute);
  private readonly query = toSignal(this.route.queryParamMap, { initialValue: this.route.snapshot.queryParamMap });

  protected readonly tabs = runTabs;
  protected readonly tab = computed(() => tabOf(this.query().get('tab')));
  protected readonly tabLabel = computed(() => runTabs.find(({ id }) => id === this.tab())?.label ?? '');

  private readonly tabBar = viewChild<ElementRef<HTMLElement>>('tabBar');

  constructor() {
    afterRenderEffect(() => this.showTab(this.tab(), this.tabBar()?.nativeElement));
    const selection = inject(Selection);
    effect(() => this.store.open(selection.runId()));
    const runs = inject(RunsStore);
    const datasets = inject(DatasetsStore);
    const draft = inject(TrainingDraft);
    if (runs.items() === null) void runs.load();
    if (datasets.items() === null) void datasets.load();
    if (draft.models() === null) void draft.load();
  }

  /** On a narrow screen the open tab may lie out of sight in its bar. */
  private showTab(tab: string, bar: HTMLElement | undefined): void {
    const link = bar?.querySelector<HTMLElement>(`[data-testid="tab-${tab}"]`);
    if (!bar || !link) return;
    const end = link.offsetLeft + link.offsetWidth;
    if (link.offsetLeft < bar.scrollLeft || end > bar.scrollLeft + bar.clientWidth) {
      bar.scrollLeft = link.offsetLeft - (bar.clientWidth - link.offsetWidth) / 2;
    }
  }
}
