import { ChangeDetectionStrategy, Component, computed, inject, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { Project } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { AriaLabel } from '../design/aria-label';
import { ConfirmDialog } from '../design/confirm-dialog';
import { Icon } from '../design/icon';
import { Skeleton } from '../design/skeleton';
import { Toasts } from '../design/toast';
import { Session } from '../identity/session';
import { ProblemNotice } from '../problems/problem-notice';
import { ProjectMembers } from './project-members';
import { contentText } from './project-text';
import { ProjectsApi } from './projects-api';
import { ProjectsStore } from './projects-store';

/** The projects that one takes part in, who else does, and, for administrators, new ones. */
@Component({
  selector: 'gd-projects-page',
  imports: [AriaLabel, ConfirmDialog, Icon, MatButton, ProblemNotice, ProjectMembers, Skeleton],
  templateUrl: './projects-page.html',
  styleUrl: './projects-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProjectsPage {
  private readonly api = inject(ProjectsApi);
  private readonly toasts = inject(Toasts);
  private readonly session = inject(Session);
  private readonly confirm = viewChild.required(ConfirmDialog);
  protected readonly store = inject(ProjectsStore);

  protected readonly rows = computed(() =>
    (this.store.items() ?? []).map((project) => ({
      project,
      content: contentText(project),
      isManaged: project.role === 'administrator',
    })),
  );
  protected readonly mayCreate = computed(
    () => this.session.signOn() === 'open' || this.session.user()?.role === 'administrator',
  );
  protected readonly hasAccounts = computed(() => this.session.signOn() === 'signed-in');
  protected readonly opened = signal<string | null>(null);
  protected readonly failure = signal<{ id: string | null; what: string; problem: ApiProblem } | null>(null);
  protected readonly name = signal('');
  protected readonly description = signal('');
  protected readonly isSending = signal(false);
  private readonly leaving = signal<Project | null>(null);
  protected readonly deleteTitle = computed(() => $localize`Delete “${this.leaving()?.name ?? ''}”?`);

  constructor() {
    void this.store.load();
  }

  protected toggle(id: string): void {
    this.opened.update((open) => (open === id ? null : id));
  }

  protected async create(event: Event): Promise<void> {
    event.preventDefault();
    const name = this.name().trim();
    if (name === '' || this.isSending()) return;
    this.isSending.set(true);
    const isDone = await this.attempt(null, $localize`The project was not made`, async () => {
      const { id } = await this.api.create({ name, description: this.description().trim(), is_open: false });
      this.opened.set(id);
    });
    this.isSending.set(false);
    if (!isDone) return;
    this.name.set('');
    this.description.set('');
    this.toasts.show($localize`Project ${name} made`);
  }

  protected setOpen({ id }: Project, isOpen: boolean): Promise<boolean> {
    return this.attempt(id, $localize`The project was not changed`, () => this.api.change(id, { is_open: isOpen }));
  }

  protected askToDelete(project: Project): void {
    this.leaving.set(project);
    this.confirm().ask();
  }

  protected async deleteNow(): Promise<void> {
    const leaving = this.leaving();
    if (!leaving) return;
    const { id, name } = leaving;
    const isDone = await this.attempt(id, $localize`The project was not deleted`, () => this.api.remove(id));
    if (isDone) this.toasts.show($localize`${name} deleted`);
  }

  private async attempt(id: string | null, what: string, work: () => Promise<unknown>): Promise<boolean> {
    this.failure.set(null);
    try {
      await work();
      return true;
    } catch (error) {
      this.failure.set({ id, what, problem: toApiProblem(error) });
      return false;
    } finally {
      await this.store.load();
    }
  }
}
