import { Injectable, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router } from '@angular/router';

/** The address of the page, below the base href, as the router has settled it. */
@Injectable({ providedIn: 'root' })
export class CurrentUrl {
  private readonly settled = signal(inject(Router).url);
  readonly url = this.settled.asReadonly();

  constructor() {
    inject(Router)
      .events.pipe(takeUntilDestroyed())
      .subscribe((event) => {
        if (event instanceof NavigationEnd) this.settled.set(event.urlAfterRedirects);
      });
  }
}
