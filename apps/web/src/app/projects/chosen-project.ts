import { DOCUMENT, Injectable, inject, signal } from '@angular/core';
import { NavigationEnd, Router } from '@angular/router';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { filter } from 'rxjs';
import { pathOf } from '../shell/navigation';

const stored = 'gd.project';
const parameter = 'project';
/** Pages that show what several projects have. */
const listPages: ReadonlySet<string> = new Set(['', 'workspace', 'runs', 'datasets', 'samples', 'reports', 'new']);

/**
 * The project whose things the lists show; null: of all. It stands in the address of the lists, so that a link shows the
 * same to others, and lasts as long as the tab.
 */
@Injectable({ providedIn: 'root' })
export class ChosenProject {
  private readonly document = inject(DOCUMENT);
  private readonly router = inject(Router);
  private readonly chosen = signal<string | null>(this.known());

  readonly id = this.chosen.asReadonly();

  constructor() {
    this.router.events
      .pipe(
        filter((event) => event instanceof NavigationEnd),
        takeUntilDestroyed(),
      )
      .subscribe(({ urlAfterRedirects }) => this.putIntoAddress(urlAfterRedirects));
  }

  /** Shows another project. The page starts anew: what its lists hold belongs to the one before. */
  choose(id: string | null): void {
    const address = new URL(this.document.location.href);
    if (id === null) address.searchParams.delete(parameter);
    else address.searchParams.set(parameter, id);
    // What was open may belong to the other project.
    if (pathOf(this.router.url).length > 1) address.pathname = new URL(this.document.baseURI).pathname;
    this.keep(id);
    this.document.location.assign(address.href);
  }

  private known(): string | null {
    const shared = new URLSearchParams(this.document.location.search).get(parameter);
    if (shared !== null) this.keep(shared);
    return shared ?? this.document.defaultView?.sessionStorage.getItem(stored) ?? null;
  }

  private keep(id: string | null): void {
    const storage = this.document.defaultView?.sessionStorage;
    if (id === null) storage?.removeItem(stored);
    else storage?.setItem(stored, id);
  }

  private putIntoAddress(url: string): void {
    const id = this.chosen();
    if (id === null || url.includes(`${parameter}=`)) return;
    const [first = '', ...rest] = pathOf(url);
    if (rest.length > 0 || !listPages.has(first)) return;
    const tree = this.router.parseUrl(url);
    tree.queryParams = { ...tree.queryParams, [parameter]: id };
    this.router
      .navigateByUrl(tree, { replaceUrl: true })
      .catch((error: unknown) => console.error('The project could not be put into the address', error));
  }
}
