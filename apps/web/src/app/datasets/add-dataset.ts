import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { datasetGenerateSchema } from '@gan-dashboard/shared-types';
import type { DatasetGenerate } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { formatPercent } from '../design/format';
import { Icon } from '../design/icon';
import { Session } from '../identity/session';
import { ProblemNotice } from '../problems/problem-notice';
import { ProjectsStore } from '../projects/projects-store';
import { Selection } from '../workspace/selection';
import { DatasetsStore } from './datasets-store';
import { LobsterForm } from './lobster/lobster-form';
import { LobsterUnits } from './lobster/lobster-units';

/** Brings data in: a file by button or drop, the files of LOBSTER, or generated sample data. */
@Component({
  selector: 'gd-add-dataset',
  imports: [Icon, LobsterForm, MatButton, MatProgressBar, ProblemNotice],
  templateUrl: './add-dataset.html',
  styleUrl: './add-dataset.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AddDataset {
  protected readonly store = inject(DatasetsStore);
  private readonly selection = inject(Selection);
  private readonly units = inject(LobsterUnits);
  protected readonly session = inject(Session);
  protected readonly projects = inject(ProjectsStore);

  protected readonly isDragOver = signal(false);
  protected readonly isGenerateOpen = signal(false);
  protected readonly isLobsterOpen = signal(false);
  protected readonly isGenerating = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);
  private last: { file: File; isLobster: boolean } | null = null;

  protected readonly kind = signal<DatasetGenerate['kind']>('treasury_orderbook');
  protected readonly rows = signal('5000');
  protected readonly seed = signal('42');
  protected readonly request = computed(() =>
    datasetGenerateSchema.safeParse({ kind: this.kind(), rows: asNumber(this.rows()), seed: asNumber(this.seed()) }),
  );
  protected readonly rowsError = computed(() =>
    this.isWrong('rows') ? $localize`Rows: a whole number from 10 to 1,000,000.` : '',
  );
  protected readonly seedError = computed(() =>
    this.isWrong('seed') ? $localize`Seed: a whole number from 0 to 2,147,483,647.` : '',
  );

  protected readonly progress = computed(() => {
    const fraction = this.store.upload()?.fraction;
    if (fraction === undefined) return { percent: 0, text: 'uploading' };
    return {
      percent: fraction * 100,
      text: fraction < 1 ? formatPercent(fraction * 100) : $localize`server is checking`,
    };
  });

  protected picked(input: EventTarget | null): void {
    if (!(input instanceof HTMLInputElement)) return;
    this.upload(input.files?.[0]);
    input.value = ''; // The same file can be picked again after it was corrected.
  }

  protected dropped(event: DragEvent): void {
    event.preventDefault();
    this.isDragOver.set(false);
    if (this.session.trainBlocker() !== '') return;
    this.upload(event.dataTransfer?.files[0]);
  }

  protected dragOver(event: DragEvent): void {
    event.preventDefault();
    this.isDragOver.set(true);
  }

  protected retryUpload(): void {
    this.upload(this.last?.file, this.last?.isLobster);
  }

  protected uploadLobster(table: File): void {
    this.isLobsterOpen.set(false);
    this.upload(table, true);
  }

  protected async generate(event: Event): Promise<void> {
    event.preventDefault();
    const request = this.request();
    if (!request.success || this.isGenerating()) return;
    this.isGenerating.set(true);
    try {
      const dataset = await this.store.generate(request.data);
      this.problem.set(null);
      this.isGenerateOpen.set(false);
      this.selection.openDataset(dataset.id);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    } finally {
      this.isGenerating.set(false);
    }
  }

  protected value(target: EventTarget | null): string {
    return target instanceof HTMLInputElement || target instanceof HTMLSelectElement ? target.value : '';
  }

  protected setKind(target: EventTarget | null): void {
    this.kind.set(this.value(target) === 'yield_curve' ? 'yield_curve' : 'treasury_orderbook');
  }

  private upload(file: File | undefined, isLobster = false): void {
    if (!file) return;
    this.last = { file, isLobster };
    this.store.startUpload(file, (dataset) => {
      if (isLobster) this.units.setWhenRead(dataset.id);
      this.selection.openDataset(dataset.id);
    });
  }

  private isWrong(field: string): boolean {
    return this.request().error?.issues.some((issue) => issue.path[0] === field) ?? false;
  }
}

function asNumber(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}
