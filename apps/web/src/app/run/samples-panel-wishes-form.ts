import { ChangeDetectionStrategy, Component, computed, effect, inject, input, model, signal } from '@angular/core';
import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import { DatasetsApi } from '../api/datasets-api';
import { Icon } from '../design/icon';
import { conditionTests, constraintKinds, messagesAt } from './samples-panel-wishes';
import type { ConditionDraft, ConstraintDraft, WishesDraft } from './samples-panel-wishes';
import { AriaLabel } from '../design/aria-label';

/** What is asked of the rows of a sample: conditions on columns, a balance, constraints between columns and rows. */
@Component({
  selector: 'gd-sample-wishes-form',
  imports: [AriaLabel, Icon],
  templateUrl: './samples-panel-wishes-form.html',
  styleUrl: './samples-panel-wishes-form.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SampleWishesForm {
  readonly datasetId = input.required<string | null>();
  readonly draft = model.required<WishesDraft>();
  /** By the paths of the request. */
  readonly errors = input.required<readonly { path: string; message: string }[]>();
  readonly columns = model.required<readonly DatasetColumn[]>();

  private readonly api = inject(DatasetsApi);
  private readonly isOpened = signal(false);
  private loadedFor: string | null = null;
  protected readonly failure = signal('');
  protected readonly names = computed(() =>
    this.columns()
      .filter(({ role }) => role !== 'excluded')
      .map(({ name }) => name),
  );
  protected readonly categorical = computed(() =>
    this.columns()
      .filter(({ role }) => role === 'categorical')
      .map(({ name }) => name),
  );
  protected readonly tests = Object.entries(conditionTests) as [ConditionDraft['test'], string][];
  protected readonly kinds = Object.entries(constraintKinds) as [ConstraintDraft['kind'], string][];

  constructor() {
    effect(() => {
      const id = this.datasetId();
      if (this.isOpened() && id !== null && id !== this.loadedFor) void this.load(id);
    });
  }

  protected opened(event: Event): void {
    if ((event.target as HTMLDetailsElement).open) this.isOpened.set(true);
  }

  protected errorAt(field: string): string {
    return messagesAt(this.errors(), field);
  }

  protected isOrder({ kind }: ConstraintDraft): boolean {
    return kind === 'at_most' || kind === 'below';
  }

  protected addCondition(): void {
    const [column = ''] = this.names();
    this.patch({ conditions: [...this.draft().conditions, { column, test: 'equals', value: '' }] });
  }

  protected setCondition(index: number, change: Partial<ConditionDraft>): void {
    const conditions = this.draft().conditions.map((each, i) => (i === index ? { ...each, ...change } : each));
    this.patch({ conditions });
  }

  protected removeCondition(index: number): void {
    this.patch({ conditions: this.draft().conditions.filter((_, i) => i !== index) });
  }

  protected addConstraint(): void {
    const [low = '', high = low] = this.names();
    this.patch({ constraints: [...this.draft().constraints, { kind: 'at_most', low, high, columns: [] }] });
  }

  protected setConstraint(index: number, change: Partial<ConstraintDraft>): void {
    const constraints = this.draft().constraints.map((each, i) => (i === index ? { ...each, ...change } : each));
    this.patch({ constraints });
  }

  protected removeConstraint(index: number): void {
    this.patch({ constraints: this.draft().constraints.filter((_, i) => i !== index) });
  }

  protected patch(change: Partial<WishesDraft>): void {
    this.draft.set({ ...this.draft(), ...change });
  }

  protected testOf(value: string): ConditionDraft['test'] {
    return this.tests.find(([test]) => test === value)?.[0] ?? 'equals';
  }

  protected kindOf(value: string): ConstraintDraft['kind'] {
    return this.kinds.find(([kind]) => kind === value)?.[0] ?? 'at_most';
  }

  protected chosen(select: HTMLSelectElement): string[] {
    return Array.from(select.selectedOptions, ({ value }) => value);
  }

  private async load(id: string): Promise<void> {
    this.loadedFor = id;
    this.failure.set('');
    try {
      const { columns } = await this.api.get(id);
      this.columns.set(columns);
    } catch (error) {
      const { detail, advice } = toApiProblem(error);
      this.loadedFor = null;
      this.failure.set($localize`The columns of the data set cannot be read: ${detail} ${advice}`);
    }
  }
}
