import { Injectable, computed, inject, signal } from '@angular/core';
import { includesRole, userRoles } from '@gan-dashboard/shared-types';
import type { SessionState, UserRole } from '@gan-dashboard/shared-types';
import { IdentityApi } from './identity-api';

/** `signed-out`: nobody has been here yet; `expired`: somebody was, and the page still shows what they did. */
export type SignOnState = 'unknown' | 'open' | 'signed-in' | 'signed-out' | 'expired';

/** Who uses this page. Until the server has said so, nothing is held back: it decides, not the page. */
@Injectable({ providedIn: 'root' })
export class Session {
  private readonly api = inject(IdentityApi);
  private readonly known = signal<SessionState | null>(null);
  /** The highest role in the projects that are shown; null until they are known. */
  private readonly projectRole = signal<UserRole | null>(null);
  private readonly lastUser = signal<string | null>(null);
  private looking: Promise<void> | undefined;

  readonly state = this.known.asReadonly();
  readonly user = computed(() => this.known()?.user ?? null);
  readonly signOn = computed<SignOnState>(() => {
    const state = this.known();
    if (state === null) return 'unknown';
    if (state.auth === 'none') return 'open';
    if (state.user) return 'signed-in';
    return this.lastUser() === null ? 'signed-out' : 'expired';
  });
  /** Whose session has expired: another person must not go on with it. */
  readonly expiredName = computed(() => (this.signOn() === 'expired' ? this.lastUser() : null));
  /** Why data sets and runs can't be changed; empty where they can. */
  readonly trainBlocker = computed(() =>
    this.blockerFor('trainer', $localize`You may look at everything, but not change it.`),
  );

  /** Asks the server who is signed in; several at once ask once. Rejects with an ApiProblem. */
  look(): Promise<void> {
    this.looking ??= this.api
      .state()
      .then((state) => this.take(state))
      .finally(() => (this.looking = undefined));
    return this.looking;
  }

  take(state: SessionState): void {
    if (state.user) this.lastUser.set(state.user.name);
    this.known.set(state);
  }

  /** Leaves nothing of the person behind: the page starts anew. */
  async signOut(isEverywhere: boolean): Promise<void> {
    await this.api.signOut(isEverywhere);
    this.lastUser.set(null);
    await this.look();
  }

  /** What one may do is said by the projects, where they are known; the role of the account holds in open ones. */
  takeProjectRoles(roles: readonly UserRole[]): void {
    this.projectRole.set(userRoles.findLast((role) => roles.includes(role)) ?? null);
  }

  private blockerFor(needed: UserRole, reason: string): string {
    const user = this.user();
    const role = this.projectRole() ?? user?.role;
    if (!user || !role || includesRole(role, needed)) return '';
    return $localize`${reason} Your role is ${role}; ask an administrator for ${needed}.`;
  }
}
