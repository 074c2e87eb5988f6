import { DatePipe } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { userRoles } from '@gan-dashboard/shared-types';
import type { User, UserPatch, UserRole } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { ProblemNotice } from '../problems/problem-notice';
import { textOf } from './form-text';
import { IdentityApi } from './identity-api';
import { Session } from './session';
import { AriaLabel } from '../design/aria-label';

/** For administrators: who may use the dashboard, and as what. */
@Component({
  selector: 'gd-users-page',
  imports: [AriaLabel, DatePipe, MatButton, ProblemNotice],
  templateUrl: './users-page.html',
  styleUrl: './account-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class UsersPage {
  private readonly api = inject(IdentityApi);
  protected readonly session = inject(Session);

  protected readonly roles = userRoles;
  protected readonly users = signal<readonly User[] | null>(null);
  protected readonly nextCursor = signal<string | null>(null);
  protected readonly failure = signal<{ what: string; problem: ApiProblem } | null>(null);
  protected readonly hasPasswords = computed(() => this.session.state()?.auth === 'local');

  constructor() {
    void this.load();
  }

  protected load(): Promise<void> {
    return this.attempt($localize`The users could not be loaded`, async () => {
      const page = await this.api.users(this.nextCursor() ?? undefined);
      this.users.update((known) => [...(known ?? []), ...page.items]);
      this.nextCursor.set(page.next_cursor);
    });
  }

  protected add(event: Event): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const values = new FormData(form);
    return this.attempt($localize`The user was not added`, async () => {
      const added = await this.api.createUser({
        name: textOf(values, 'name'),
        role: roleOf(values.get('role')),
        password: textOf(values, 'password'),
      });
      form.reset();
      this.users.update((known) => [...(known ?? []), added].sort((a, b) => a.name.localeCompare(b.name)));
    });
  }

  protected setRole(user: User, target: EventTarget | null): Promise<void> {
    if (!(target instanceof HTMLSelectElement)) return Promise.resolve();
    return this.change(user, { role: roleOf(target.value) }).then(() => {
      target.value = this.users()?.find(({ id }) => id === user.id)?.role ?? user.role;
    });
  }

  protected change(user: User, patch: UserPatch): Promise<void> {
    return this.attempt($localize`“${user.name}” was not changed`, async () => {
      const changed = await this.api.changeUser(user.id, patch);
      this.users.update((known) => (known ?? []).map((other) => (other.id === changed.id ? changed : other)));
    });
  }

  private async attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.failure.set(null);
    } catch (error) {
      this.failure.set({ what, problem: toApiProblem(error) });
    }
  }
}

function roleOf(value: unknown): UserRole {
  return userRoles.find((role) => role === value) ?? 'viewer';
}
