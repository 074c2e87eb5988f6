import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { Icon } from '../design/icon';
import { barPaths, places } from './navigation';

/** The places of the dashboard, at the bottom of a narrow screen: the most used, and the others in a sheet. */
@Component({
  selector: 'gd-bottom-bar',
  imports: [Icon, RouterLink, RouterLinkActive],
  template: `
    <nav class="bar" aria-label="Main" i18n-aria-label>
      @for (place of main; track place.path) {
        <a
          [routerLink]="'/' + place.path"
          routerLinkActive="active"
          [routerLinkActiveOptions]="{ exact: place.path === '' }"
          ariaCurrentWhenActive="page"
          ><gd-icon [name]="place.icon" />{{ place.label }}</a
        >
      }
      <button type="button" aria-haspopup="dialog" data-testid="bar-more" (click)="sheet.showModal()" i18n>
        <gd-icon name="more" />More
      </button>
    </nav>
    <dialog #sheet aria-label="More places" i18n-aria-label closedby="any">
      <ul>
        @for (place of others; track place.path) {
          <li>
            <a
              [routerLink]="'/' + place.path"
              routerLinkActive="active"
              ariaCurrentWhenActive="page"
              (click)="sheet.close()"
              ><gd-icon [name]="place.icon" />{{ place.label }}</a
            >
          </li>
        }
        <li>
          <a href="api/docs" target="_blank" rel="noopener" (click)="sheet.close()" i18n
            ><gd-icon name="book" />API docs</a
          >
        </li>
      </ul>
      <button type="button" class="gd-tool outlined" (click)="sheet.close()" i18n>Close</button>
    </dialog>
  `,
  styleUrl: './bottom-bar.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BottomBar {
  protected readonly main = barPaths.flatMap((path) => places.filter((place) => place.path === path));
  protected readonly others = places.filter(({ path }) => !barPaths.includes(path));
}
