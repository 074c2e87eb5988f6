import { ApplicationRef, DOCUMENT, DestroyRef, Injectable, inject, signal } from '@angular/core';

/** Whether the page is being printed: paper shows everything, also what is not in sight of the screen. */
@Injectable({ providedIn: 'root' })
export class Printing {
  private readonly app = inject(ApplicationRef);
  private readonly printing = signal(false);
  readonly isPrinting = this.printing.asReadonly();

  constructor() {
    const view = inject(DOCUMENT).defaultView;
    const begin = () => this.become(true);
    const end = () => this.become(false);
    view?.addEventListener('beforeprint', begin);
    view?.addEventListener('afterprint', end);
    inject(DestroyRef).onDestroy(() => {
      view?.removeEventListener('beforeprint', begin);
      view?.removeEventListener('afterprint', end);
    });
  }

  /** At once: the browser takes the page as it is when its listeners return. */
  private become(isPrinting: boolean): void {
    this.printing.set(isPrinting);
    this.app.tick();
  }
}
