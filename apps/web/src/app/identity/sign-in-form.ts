import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { textOf } from './form-text';
import { IdentityApi } from './identity-api';
import { Session } from './session';

/** What the server says in the address of a browser that comes back from the provider without a session. */
const outcomeParameter = 'sign_in';
const outcomes: Readonly<Record<string, string>> = {
  refused: $localize`The provider knows you, but you may not use this dashboard. Ask an administrator to let you in.`,
  failed: $localize`The sign-in with the provider was not completed. Begin again.`,
};

/** Name and password, the first administrator, or the way to the provider: whatever this server signs on with. */
@Component({
  selector: 'gd-sign-in-form',
  imports: [MatButton],
  templateUrl: './sign-in-form.html',
  styleUrl: './sign-in-form.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SignInForm {
  private readonly api = inject(IdentityApi);
  protected readonly session = inject(Session);

  protected readonly isSending = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly outcome = outcomes[new URLSearchParams(location.search).get(outcomeParameter) ?? ''] ?? '';
  protected readonly auth = computed(() => this.session.state()?.auth);
  protected readonly isSetup = computed(() => this.session.state()?.setup_required ?? false);

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    if (!(event.target instanceof HTMLFormElement) || this.isSending()) return;
    const values = new FormData(event.target);
    const credentials = { name: textOf(values, 'name'), password: textOf(values, 'password') };
    this.isSending.set(true);
    try {
      const state = await (this.isSetup()
        ? this.api.setUp({ ...credentials, token: textOf(values, 'token').trim() })
        : this.api.signIn(credentials));
      this.problem.set(null);
      this.takeOver(state);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    } finally {
      this.isSending.set(false);
    }
  }

  /** In a window of its own the provider leaves this page, and what was typed into it, as it is. */
  protected readonly providerUrl = computed(() => {
    const wanted = this.outcome === '' ? location.pathname + location.search : location.pathname;
    const here = this.session.expiredName() === null ? wanted : '/';
    return `api/v1/session/oidc/start?return_to=${encodeURIComponent(this.belowBase(here))}`;
  });

  protected async lookAgain(): Promise<void> {
    const expired = this.session.expiredName();
    try {
      await this.session.look();
      this.problem.set(null);
      this.keepToOnePerson(expired);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    }
  }

  private takeOver(state: Parameters<Session['take']>[0]): void {
    const expired = this.session.expiredName();
    this.session.take(state);
    this.keepToOnePerson(expired);
  }

  /** Somebody else must not find what another person has typed. */
  private keepToOnePerson(expired: string | null): void {
    const now = this.session.user()?.name;
    if (expired !== null && now !== undefined && now !== expired) location.reload();
  }

  /** The server puts its own address and prefix before it. */
  private belowBase(path: string): string {
    const base = new URL(document.baseURI).pathname.replace(/\/$/, '');
    return path.startsWith(`${base}/`) ? path.slice(base.length) : '/';
  }
}
