import { DOCUMENT, Injectable, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Router } from '@angular/router';
import { fromEvent } from 'rxjs';
import { readStored, writeStored } from '../design/stored';

export type ThemeChoice = 'system' | 'light' | 'dark';
/** Read by public/theme.js before the first paint too. */
const storedAs = 'gd.theme';
const inUrlAs = 'theme';

/**
 * The chosen theme. Colours follow `color-scheme`, so that the system's choice is followed live without code. A link
 * with `?theme=dark` shows that theme without making it the choice of whoever opens it.
 */
@Injectable({ providedIn: 'root' })
export class Theme {
  private readonly root = inject(DOCUMENT).documentElement;
  private readonly router = inject(Router);
  private readonly chosen = signal<ThemeChoice>(linkedChoice() ?? storedChoice());
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
    this.forgetLinked();
  }

  /** The address would bring the linked theme back at the next reload. */
  private forgetLinked(): void {
    if (linkedChoice() === null) return;
    const queryParams = { [inUrlAs]: null };
    this.router
      .navigate([], { queryParams, queryParamsHandling: 'merge', preserveFragment: true, replaceUrl: true })
      .catch((error: unknown) => console.error('The theme could not be taken out of the address', error));
  }

  private apply(choice: ThemeChoice): void {
    this.root.style.colorScheme = choice === 'system' ? '' : choice;
  }
}

function linkedChoice(): ThemeChoice | null {
  return asChoice(new URLSearchParams(location.search).get(inUrlAs));
}

function storedChoice(): ThemeChoice {
  return asChoice(readStored(storedAs)) ?? 'system';
}

function asChoice(text: string | null): ThemeChoice | null {
  return text === 'light' || text === 'dark' || text === 'system' ? text : null;
}
