import { DestroyRef, Directive, ElementRef, inject, output } from '@angular/core';

/** So far ahead of the screen is drawn what a person scrolls to. */
const rootMargin = '200px';

/** Says once that its element has come into sight, or is about to. */
@Directive({ selector: '[gdInSight]' })
export class InSight {
  readonly gdInSight = output();

  constructor() {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        this.gdInSight.emit();
      },
      { rootMargin },
    );
    observer.observe(inject<ElementRef<HTMLElement>>(ElementRef).nativeElement);
    inject(DestroyRef).onDestroy(() => observer.disconnect());
  }
}
