import { DatePipe } from '@angular/common';
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { tokenScopes } from '@gan-dashboard/shared-types';
import type { ApiToken, TokenScope, UserSession } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { ProblemNotice } from '../problems/problem-notice';
import { textOf } from './form-text';
import { IdentityApi } from './identity-api';
import { Session } from './session';
import { AriaLabel } from '../design/aria-label';

const scopeTexts: Readonly<Record<TokenScope, string>> = {
  read: $localize`Read everything`,
  train: $localize`Train, upload and draw samples`,
  admin: $localize`Everything that you may`,
};

/** Tokens for programs, the places where one is signed in, and the password. */
@Component({
  selector: 'gd-account-page',
  imports: [AriaLabel, DatePipe, MatButton, ProblemNotice],
  templateUrl: './account-page.html',
  styleUrl: './account-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AccountPage {
  private readonly api = inject(IdentityApi);
  protected readonly session = inject(Session);

  protected readonly scopes = tokenScopes.map((scope) => ({ scope, text: scopeTexts[scope] }));
  protected readonly tokens = signal<readonly ApiToken[] | null>(null);
  protected readonly sessions = signal<readonly UserSession[] | null>(null);
  /** The only time that it is shown. */
  protected readonly created = signal<string | null>(null);
  protected readonly failure = signal<{ what: string; problem: ApiProblem } | null>(null);
  protected readonly note = signal('');

  constructor() {
    void this.load();
  }

  protected load(): Promise<void> {
    return this.attempt($localize`Your account could not be loaded`, async () => {
      this.tokens.set(await this.api.tokens());
      this.sessions.set(await this.api.sessions());
    });
  }

  protected createToken(event: Event): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const values = new FormData(form);
    const days = Number(values.get('days'));
    return this.attempt($localize`The token was not made`, async () => {
      const scope = tokenScopes.find((known) => known === values.get('scope')) ?? 'read';
      const { token } = await this.api.createToken({
        name: textOf(values, 'name'),
        scopes: [scope],
        expires_in_days: days === 0 ? null : days,
      });
      this.created.set(token);
      form.reset();
      this.tokens.set(await this.api.tokens());
    });
  }

  protected revoke(token: ApiToken): Promise<void> {
    return this.attempt($localize`“${token.name}” was not revoked`, async () => {
      await this.api.revokeToken(token.id);
      this.tokens.set(await this.api.tokens());
    });
  }

  protected closeSession(session: UserSession): Promise<void> {
    return this.attempt($localize`The session was not ended`, async () => {
      await this.api.closeSession(session.id);
      this.sessions.set(await this.api.sessions());
    });
  }

  protected changePassword(event: Event): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const values = new FormData(form);
    this.note.set('');
    return this.attempt($localize`The password was not changed`, async () => {
      await this.api.changePassword({
        current_password: textOf(values, 'current'),
        new_password: textOf(values, 'new'),
      });
      form.reset();
      this.note.set($localize`The password was changed; your other sessions have ended.`);
      this.sessions.set(await this.api.sessions());
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
