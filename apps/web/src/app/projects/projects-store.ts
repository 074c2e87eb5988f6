import { Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import { includesRole } from '@gan-dashboard/shared-types';
import type { Project } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { Session } from '../identity/session';
import { ChosenProject } from './chosen-project';
import { ProjectsApi } from './projects-api';

/** The projects that whoever uses the page takes part in. */
@Injectable({ providedIn: 'root' })
export class ProjectsStore {
  private readonly api = inject(ProjectsApi);
  private readonly session = inject(Session);
  private readonly choice = inject(ChosenProject);
  private readonly loaded = signal<readonly Project[] | null>(null);

  readonly items = this.loaded.asReadonly();
  readonly problem = signal<ApiProblem | null>(null);
  /** Undefined: all of them, or the chosen one is not known yet. */
  readonly chosen = computed(() => this.loaded()?.find(({ id }) => id === this.choice.id()));
  /** Where something new goes: into the chosen one, else the first in which one may train. Null: not known. */
  readonly target = computed<Project | null>(() => {
    const chosen = this.chosen();
    return chosen ?? this.loaded()?.find(({ role }) => includesRole(role, 'trainer')) ?? null;
  });
  /** There is a choice between several. */
  readonly isChoice = computed(() => (this.loaded()?.length ?? 0) > 1);

  constructor() {
    effect(() => {
      const signOn = this.session.signOn();
      if (signOn === 'open' || signOn === 'signed-in') void untracked(() => this.load());
    });
  }

  async load(): Promise<void> {
    try {
      this.take(await this.api.list());
      this.problem.set(null);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    }
  }

  private take(items: readonly Project[]): void {
    this.loaded.set(items);
    const id = this.choice.id();
    // One that was deleted, or that one has left: its lists would all be refused.
    if (id !== null && !items.some((project) => project.id === id)) {
      this.choice.choose(null);
      return;
    }
    const roles = (this.chosen() ? [this.chosen()] : items).flatMap((project) => project?.role ?? []);
    this.session.takeProjectRoles(roles);
  }
}
