import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { Icon } from '../design/icon';
import { places } from './navigation';
import { RailWidth } from './rail-width';

/** The places of the dashboard, on the left of a wide screen. */
@Component({
  selector: 'gd-rail',
  imports: [Icon, RouterLink, RouterLinkActive],
  template: `
    <nav aria-label="Main" i18n-aria-label>
      <a class="home" routerLink="/" aria-label="GAN Dashboard, overview" i18n-aria-label>
        <img src="favicon.svg" alt="" width="24" height="24" /><span class="label" i18n>GAN Dashboard</span>
      </a>
      <ul>
        @for (place of places; track place.path) {
          <li>
            <a
              [routerLink]="'/' + place.path"
              routerLinkActive="active"
              [routerLinkActiveOptions]="{ exact: place.path === '' }"
              ariaCurrentWhenActive="page"
              [title]="width.isWide() ? '' : place.label"
              [attr.data-testid]="'nav-' + (place.path || 'overview')"
            >
              <gd-icon [name]="place.icon" /><span class="label">{{ place.label }}</span>
            </a>
          </li>
        }
      </ul>
      <a class="foot" href="api/docs" target="_blank" rel="noopener" [title]="width.isWide() ? '' : 'API docs'">
        <gd-icon name="book" /><span class="label" i18n>API docs</span>
      </a>
      <button
        type="button"
        class="foot"
        data-testid="rail-toggle"
        [attr.aria-expanded]="width.isWide()"
        [title]="width.isWide() ? '' : 'Show labels'"
        (click)="width.toggle()"
      >
        <gd-icon class="turn" name="chevron" /><span class="label">
          @if (width.isWide()) {
            <ng-container i18n>Hide labels</ng-container>
          } @else {
            <ng-container i18n>Show labels</ng-container>
          }
        </span>
      </button>
    </nav>
  `,
  host: { '[class.wide]': 'width.isWide()' },
  styleUrl: './rail.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Rail {
  protected readonly width = inject(RailWidth);
  protected readonly places = places;
}
