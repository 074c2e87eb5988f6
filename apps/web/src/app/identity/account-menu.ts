import { ChangeDetectionStrategy, Component, ElementRef, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { toApiProblem } from '../api/api-problem';
import { Session } from './session';

/** Who is signed in, as what, and the way out; nothing where there is no sign-on. */
@Component({
  selector: 'gd-account-menu',
  imports: [RouterLink],
  template: `
    @if (session.user(); as user) {
      @if (session.signOn() === 'signed-in') {
        <button
          type="button"
          class="gd-tool outlined"
          data-testid="account-open"
          aria-controls="account-panel"
          [attr.aria-expanded]="isOpen()"
          (click)="isOpen.set(!isOpen())"
        >
          {{ user.name }}
        </button>
        @if (isOpen()) {
          <div id="account-panel" class="panel gd-card" role="group" aria-label="Account" i18n-aria-label>
            <p>
              <strong>{{ user.name }}</strong><span class="gd-muted" data-testid="account-role">{{ user.role }}</span>
            </p>
            <a class="gd-tool" routerLink="/account" data-testid="account-link" (click)="isOpen.set(false)" i18n
              >Tokens and sessions</a
            >
            <a
              class="gd-tool"
              routerLink="/notifications"
              data-testid="notifications-link"
              (click)="isOpen.set(false)"
              i18n
              >Notifications</a
            >
            @if (user.role === 'administrator') {
              <a class="gd-tool" routerLink="/users" data-testid="users-link" (click)="isOpen.set(false)" i18n>Users</a>
            }
            @if (session.state()?.auth !== 'proxy') {
              <button type="button" class="gd-tool" data-testid="sign-out" (click)="signOut(false)" i18n>
                Sign out
              </button>
              <button type="button" class="gd-tool" (click)="signOut(true)" i18n>Sign out everywhere</button>
            }
            <p role="alert" class="gd-error">{{ failure() }}</p>
          </div>
        }
      }
    }
  `,
  styles: `
    :host {
      position: relative;
    }
    .panel {
      position: absolute;
      right: 0;
      top: calc(100% + 6px);
      z-index: 20;
      display: grid;
      gap: 4px;
      min-width: 200px;
      padding: 10px;
    }
    p {
      display: flex;
      justify-content: space-between;
      gap: 12px;
    }
    .gd-tool.outlined {
      max-width: 140px;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
  `,
  host: {
    '(document:click)': 'closeUnlessInside($event)',
    '(document:keydown.escape)': 'isOpen.set(false)',
  },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AccountMenu {
  protected readonly session = inject(Session);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);
  protected readonly isOpen = signal(false);
  protected readonly failure = signal('');

  protected async signOut(isEverywhere: boolean): Promise<void> {
    try {
      await this.session.signOut(isEverywhere);
      // What the page has loaded belongs to whoever has left.
      location.reload();
    } catch (error) {
      this.failure.set(toApiProblem(error).detail);
    }
  }

  protected closeUnlessInside(event: Event): void {
    if (event.target instanceof Node && !this.element.nativeElement.contains(event.target)) this.isOpen.set(false);
  }
}
