import { DOCUMENT, Injectable, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { fromEvent } from 'rxjs';
import { readStored, writeStored } from '../design/stored';

export type ThemeChoice = 'system' | 'light' | 'dark';
/** Read by public/theme.js before the first paint too. */
const storedAs = 'gd.theme';

/** The chosen theme. Colours follow `color-scheme`, so that the system's choice is followed live without code. */
@Injectable({ providedIn: 'root' })
export class Theme {
  private readonly root = inject(DOCUMENT).documentElement;
  private readonly chosen = signal<ThemeChoice>(storedChoice());
  private readonly systemIsDark = signal(false);

  readonly choice = this.chosen.asReadonly();
  /** For what is drawn on a canvas and can't follow CSS. */
  readonly isDark = computed(() => (this.chosen() === 'system' ? this.systemIsDark() : this.chosen() === 'dark'));

  constructor() {
    const media = inject(DOCUMENT).defaultView?.matchMedia?.('(prefers-color-scheme: dark)');
    if (media) {
      this.systemIsDark.set(media.matches);
      fromEvent<MediaQueryListEvent>(media, 'change')
        .pipe(takeUntilDestroyed())
        .subscribe((event) => this.systemIsDark.set(event.matches));
    }
    this.apply(this.chosen());
  }

  choose(choice: ThemeChoice): void {
    this.apply(choice);
    this.chosen.set(choice);
    writeStored(storedAs, choice);
  }

  private apply(choice: ThemeChoice): void {
    this.root.style.colorScheme = choice === 'system' ? '' : choice;
  }
}

function storedChoice(): ThemeChoice {
  const stored = readStored(storedAs);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}
