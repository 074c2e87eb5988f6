import { ChangeDetectionStrategy, Component, effect, inject, input, signal } from '@angular/core';
import { userRoleSchema } from '@gan-dashboard/shared-types';
import type { ProjectMember, UserRole } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { AriaLabel } from '../design/aria-label';
import { Icon } from '../design/icon';
import { Skeleton } from '../design/skeleton';
import { ProblemNotice } from '../problems/problem-notice';
import { roleChoices } from './project-text';
import { ProjectsApi } from './projects-api';
import { ProjectsStore } from './projects-store';

/** Who takes part in a project, and for those who manage it, as what. */
@Component({
  selector: 'gd-project-members',
  imports: [AriaLabel, Icon, ProblemNotice, Skeleton],
  templateUrl: './project-members.html',
  styleUrl: './project-members.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProjectMembers {
  private readonly api = inject(ProjectsApi);
  private readonly store = inject(ProjectsStore);

  readonly projectId = input.required<string>();
  readonly isManaged = input.required<boolean>();

  protected readonly members = signal<readonly ProjectMember[] | null>(null);
  protected readonly problem = signal<{ what: string; problem: ApiProblem } | null>(null);
  protected readonly isSending = signal(false);
  protected readonly name = signal('');
  protected readonly role = signal<UserRole>('trainer');
  protected readonly roles = roleChoices;

  constructor() {
    effect(() => void this.load(this.projectId()));
  }

  protected load(id = this.projectId()): Promise<boolean> {
    return this.attempt($localize`The members could not be loaded`, async () => {
      this.members.set((await this.api.get(id)).members);
    });
  }

  protected async add(event: Event): Promise<void> {
    event.preventDefault();
    const name = this.name().trim();
    if (name === '' || this.isSending()) return;
    if (await this.put(name, this.role())) this.name.set('');
  }

  protected roleOf(select: HTMLSelectElement): UserRole {
    return userRoleSchema.parse(select.value);
  }

  protected put(name: string, role: UserRole): Promise<boolean> {
    return this.attempt($localize`${name} was not made a member`, async () => {
      this.members.set((await this.api.putMember(this.projectId(), { name, role })).members);
      await this.store.load();
    });
  }

  protected remove({ user_id: id, name }: ProjectMember): Promise<boolean> {
    return this.attempt($localize`${name} was not removed`, async () => {
      await this.api.removeMember(this.projectId(), id);
      this.members.update((members) => members?.filter((member) => member.user_id !== id) ?? null);
      await this.store.load();
    });
  }

  private async attempt(what: string, work: () => Promise<void>): Promise<boolean> {
    this.isSending.set(true);
    try {
      await work();
      this.problem.set(null);
      return true;
    } catch (error) {
      this.problem.set({ what, problem: toApiProblem(error) });
      return false;
    } finally {
      this.isSending.set(false);
    }
  }
}
