import { Injectable, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';

export type WorkspaceView = 'run' | 'data';

/** What is open, kept in the URL (`?run=…&dataset=…&view=…`), so that a reload or a shared link shows the same. */
@Injectable()
export class Selection {
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly query = toSignal(this.route.queryParamMap, { initialValue: this.route.snapshot.queryParamMap });

  readonly runId = computed(() => this.query().get('run'));
  readonly datasetId = computed(() => this.query().get('dataset'));
  readonly view = computed<WorkspaceView>(() => {
    const asked = this.query().get('view');
    if (asked === 'data' || asked === 'run') return asked;
    return this.runId() === null && this.datasetId() !== null ? 'data' : 'run';
  });

  openRun(id: string | null): void {
    this.go({ run: id, view: 'run' });
  }

  openDataset(id: string | null): void {
    this.go({ dataset: id, view: 'data' });
  }

  /** Chooses the data set to train on without leaving what is shown. */
  chooseDataset(id: string | null): void {
    this.go({ dataset: id, view: this.view() });
  }

  show(view: WorkspaceView): void {
    this.go({ view });
  }

  private go(queryParams: Record<string, string | null>): void {
    this.router
      .navigate([], { relativeTo: this.route, queryParams, queryParamsHandling: 'merge' })
      .catch((error: unknown) => console.error('The page could not be opened', error));
  }
}
