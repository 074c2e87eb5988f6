import { DestroyRef, Directive, ElementRef, inject, output } from '@angular/core';

/** Scrolled to within a wheel's turn or two: what is drawn this far ahead is there when it comes into sight. */
const rootMargin = '400px';

/** Says each time its element comes near to what is in sight, and when it is far from it again. */
@Directive({ selector: '[gdNearSight]' })
export class NearSight {
  readonly gdNearSight = output<boolean>();

  constructor() {
    const observer = new IntersectionObserver(
      (entries) => {
        // Of several since the last time, the newest says how it is.
        const newest = entries.at(-1);
        if (newest) this.gdNearSight.emit(newest.isIntersecting);
      },
      { rootMargin },
    );
    observer.observe(inject<ElementRef<HTMLElement>>(ElementRef).nativeElement);
    inject(DestroyRef).onDestroy(() => observer.disconnect());
  }
}
