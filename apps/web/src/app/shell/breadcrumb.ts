import { ChangeDetectionStrategy, Component, Injector, computed, effect, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { CurrentUrl } from './current-url';
import { crumbsOf } from './crumbs';
import { pathOf } from './navigation';

type NameOf = (id: string) => string | undefined;

/** Where the page stands; its last part is the title of the page. */
@Component({
  selector: 'gd-breadcrumb',
  imports: [RouterLink],
  template: `
    <nav aria-label="Breadcrumb" i18n-aria-label>
      <ol data-testid="breadcrumb">
        @for (crumb of crumbs(); track $index) {
          <li>
            @if (crumb.link) {
              <a [routerLink]="crumb.link">{{ crumb.label }}</a>
              <span class="slash" aria-hidden="true">/</span>
            } @else {
              <h1 aria-current="page" [title]="crumb.label">{{ crumb.label }}</h1>
            }
          </li>
        }
      </ol>
    </nav>
  `,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
    ol,
    li {
      display: flex;
      align-items: center;
      gap: 7px;
      min-width: 0;
      font-size: 14px;
    }
    a {
      display: inline-flex;
      align-items: center;
      min-height: 24px;
      color: var(--gd-muted);
      text-decoration: none;
      white-space: nowrap;
    }
    a:hover {
      color: var(--gd-text);
      text-decoration: underline;
    }
    .slash {
      color: var(--gd-border-strong);
    }
    h1 {
      margin: 0;
      font-size: 14.5px;
      font-weight: 680;
      letter-spacing: -0.01em;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Breadcrumb {
  private readonly injector = inject(Injector);
  private readonly current = inject(CurrentUrl);
  private readonly nameOf = signal<NameOf>(() => undefined);

  protected readonly crumbs = computed(() => crumbsOf(this.current.url(), this.nameOf()));

  constructor() {
    effect(() => {
      if (pathOf(this.current.url()).length > 1) void this.learnNames();
    });
  }

  /** The lists that know the names are fetched with the page that shows one of their things, not with the shell. */
  private async learnNames(): Promise<void> {
    const [{ RunsStore }, { DatasetsStore }] = await Promise.all([
      import('../runs/runs-store'),
      import('../datasets/datasets-store'),
    ]);
    const runs = this.injector.get(RunsStore);
    const datasets = this.injector.get(DatasetsStore);
    this.nameOf.set((id) => runs.byId(id)?.name ?? datasets.byId(id)?.name);
  }
}
