import { DOCUMENT, Injectable, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { fromEvent } from 'rxjs';
import { readStored, writeStored } from '../design/stored';

const storedAs = 'gd.rail';
/** From here on there is room for the labels beside three columns of content. */
const roomy = '(min-width: 1320px)';

/** Whether the rail shows its labels: as the person chose, else as the window has room. */
@Injectable({ providedIn: 'root' })
export class RailWidth {
  private readonly chosen = signal<boolean | null>(storedChoice());
  private readonly hasRoom = signal(true);
  readonly isWide = computed(() => this.chosen() ?? this.hasRoom());

  constructor() {
    const media = inject(DOCUMENT).defaultView?.matchMedia?.(roomy);
    if (!media) return;
    this.hasRoom.set(media.matches);
    fromEvent<MediaQueryListEvent>(media, 'change')
      .pipe(takeUntilDestroyed())
      .subscribe((event) => this.hasRoom.set(event.matches));
  }

  toggle(): void {
    const isWide = !this.isWide();
    // What the window would do anyway is not a choice: it goes on following the window.
    const choice = isWide === this.hasRoom() ? null : isWide;
    this.chosen.set(choice);
    writeStored(storedAs, choice === null ? null : choice ? 'wide' : 'narrow');
  }
}

function storedChoice(): boolean | null {
  const stored = readStored(storedAs);
  return stored === 'wide' ? true : stored === 'narrow' ? false : null;
}
