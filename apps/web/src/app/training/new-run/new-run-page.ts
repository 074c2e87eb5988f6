import { ChangeDetectionStrategy, Component, computed, effect, inject, signal, untracked } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import type { ColumnRole, DatasetPreview, DatasetProfile, PreflightRequest, Run } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../../api/api-problem';
import type { ApiProblem } from '../../api/api-problem';
import { DatasetsApi } from '../../api/datasets-api';
import { RunsApi } from '../../api/runs-api';
import { CellTable } from '../../datasets/cell-table';
import { ColumnTable } from '../../datasets/column-table';
import { DatasetsStore } from '../../datasets/datasets-store';
import { placedFields } from '../../datasets/order-book/placed-fields';
import { formatCount } from '../../design/format';
import { Icon } from '../../design/icon';
import { Skeleton } from '../../design/skeleton';
import { ProblemNotice } from '../../problems/problem-notice';
import { configRows } from '../../run/page/config-diff';
import { RunsStore } from '../../runs/runs-store';
import { ConfigField } from '../config-field';
import { TrainingDraft } from '../training-draft';
import { NewRunDraft } from './new-run-draft';
import { PreflightPanel } from './preflight-panel';
import { presetConfig, presetNames, presetTexts } from './presets';
import type { PresetName } from './presets';
import { SettingsExchange } from './settings-exchange';
import { StartBar } from './start-bar';

const previewRows = 8;

/** Sets up a run: `/new?dataset=…&model=…&parent=…`. What was chosen outlives a reload. */
@Component({
  selector: 'gd-new-run-page',
  imports: [
    CellTable,
    ColumnTable,
    ConfigField,
    Icon,
    PreflightPanel,
    ProblemNotice,
    RouterLink,
    SettingsExchange,
    Skeleton,
    StartBar,
  ],
  templateUrl: './new-run-page.html',
  styleUrl: './new-run-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NewRunPage {
  protected readonly draft = inject(TrainingDraft);
  protected readonly choices = inject(NewRunDraft);
  protected readonly datasets = inject(DatasetsStore);
  protected readonly runs = inject(RunsStore);
  private readonly datasetsApi = inject(DatasetsApi);
  private readonly runsApi = inject(RunsApi);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly query = toSignal(this.route.queryParamMap, { initialValue: this.route.snapshot.queryParamMap });

  protected readonly dataset = computed(() => this.datasets.byId(this.choices.datasetId()));
  private readonly readyId = computed(() => (this.dataset()?.status === 'ready' ? this.choices.datasetId() : null));
  protected readonly preview = signal<DatasetPreview | null>(null);
  protected readonly profile = signal<DatasetProfile | null>(null);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly parent = signal<Run | null>(null);

  private readonly fields = computed(() => placedFields(this.draft.fields(), this.dataset()));
  protected readonly mainFields = computed(() => this.fields().filter((state) => !state.field.is_advanced));
  protected readonly advancedFields = computed(() => this.fields().filter((state) => state.field.is_advanced));
  protected readonly isAdvancedWrong = computed(() => this.advancedFields().some((state) => state.message !== ''));
  protected readonly headings = computed(() => this.preview()?.columns.map(({ name }) => name) ?? []);
  protected readonly differences = computed(() => {
    const parent = this.parent();
    if (!parent || !this.draft.model()) return [];
    return configRows(this.draft.config(), parent.config).filter(({ difference }) => difference !== 'same');
  });
  protected readonly preflightRequest = computed<PreflightRequest | null>(() => {
    const model = this.draft.model();
    const repeats = this.choices.repeatsCheck();
    const id = this.readyId();
    if (!model || id === null || !repeats.ok || this.draft.invalid().length > 0) return null;
    return { dataset_id: id, model: model.name, config: this.draft.config(), runs: repeats.value };
  });
  /** Asked again when a role changes. */
  protected readonly roles = computed(() => JSON.stringify(this.dataset()?.columns.map(({ role }) => role)));

  protected readonly presets = presetNames.map((name) => ({ name, ...presetTexts[name] }));
  protected readonly formatCount = formatCount;

  constructor() {
    void this.datasets.load();
    void this.runs.load();
    void this.draft.load();
    effect(() => this.takeUp(this.query().get('dataset'), this.query().get('parent')));
    effect(() => {
      const model = this.query().get('model');
      if (model !== null && this.draft.models()?.some(({ name }) => name === model)) {
        untracked(() => this.draft.chooseModel(model));
      }
    });
    effect(() => {
      const id = this.choices.datasetId();
      if (id !== null) untracked(() => void this.ensureDataset(id));
    });
    effect(() => {
      const id = this.readyId();
      untracked(() => {
        this.preview.set(null);
        this.profile.set(null);
        if (id !== null) void this.loadData(id);
      });
    });
    effect(() => {
      const id = this.choices.parentId();
      untracked(() => {
        this.parent.set(null);
        if (id !== null) void this.loadParent(id);
      });
    });
  }

  protected choose(change: { dataset?: string | null; model?: string; parent?: string | null }): void {
    if (change.dataset !== undefined) this.choices.set({ datasetId: change.dataset });
    if (change.parent !== undefined) this.choices.set({ parentId: change.parent });
    if (change.model !== undefined) this.draft.chooseModel(change.model);
    this.router
      .navigate([], {
        relativeTo: this.route,
        queryParams: change,
        queryParamsHandling: 'merge',
        replaceUrl: true,
      })
      .catch((error: unknown) => console.error('The address could not be changed', error));
  }

  protected usePreset(preset: PresetName): void {
    const model = this.draft.model();
    if (model) this.draft.fill(model.name, presetConfig(model.fields, preset));
  }

  protected useParent(): void {
    const parent = this.parent();
    if (!parent) return;
    this.draft.fill(parent.model, parent.config);
    this.choose({ model: parent.model, ...(parent.dataset_id === null ? {} : { dataset: parent.dataset_id }) });
  }

  protected async setRole(change: { column: string; role: ColumnRole }): Promise<void> {
    const dataset = this.dataset();
    if (!dataset) return;
    try {
      await this.datasets.setRole(dataset.id, change.column, change.role);
      this.problem.set(null);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    }
  }

  protected async retry(): Promise<void> {
    this.problem.set(null);
    const id = this.choices.datasetId();
    if (id === null) return;
    await this.ensureDataset(id);
    if (this.readyId() === id) await this.loadData(id);
  }

  /** What the address names goes before what was kept. */
  private takeUp(datasetId: string | null, parentId: string | null): void {
    untracked(() => {
      this.draft.fork.set(null);
      if (datasetId !== null) this.choices.set({ datasetId });
      if (parentId !== null) this.choices.set({ parentId });
    });
  }

  private async ensureDataset(id: string): Promise<void> {
    try {
      await this.datasets.ensure(id);
    } catch (error) {
      const problem = toApiProblem(error);
      // It was deleted since: the choice is open again.
      if (problem.status === 404) this.choices.set({ datasetId: null });
      this.problem.set(problem);
    }
  }

  private async loadData(id: string): Promise<void> {
    try {
      const [preview, profile] = await Promise.all([
        this.datasetsApi.preview(id, previewRows),
        this.datasetsApi.profile(id),
      ]);
      if (this.readyId() !== id) return;
      this.preview.set(preview);
      this.profile.set(profile);
    } catch (error) {
      if (this.readyId() === id) this.problem.set(toApiProblem(error));
    }
  }

  private async loadParent(id: string): Promise<void> {
    try {
      const run = await this.runsApi.get(id);
      if (this.choices.parentId() === id) this.parent.set(run);
    } catch (error) {
      const problem = toApiProblem(error);
      if (problem.status === 404) this.choices.set({ parentId: null });
      this.problem.set(problem);
    }
  }
}
