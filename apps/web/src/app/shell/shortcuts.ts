import { Injectable, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import { places } from './navigation';
import { Preferences } from './preferences';
import { RailWidth } from './rail-width';

export type Overlay = 'palette' | 'sheet';

/** What a key asks for; null: nothing of ours. */
export type KeyWish = { kind: 'open'; overlay: Overlay } | { kind: 'go'; path: string } | { kind: 'rail' } | null;

/** After `g`, the key of a place counts for so long. */
export const sequenceMs = 1_500;

export interface KeyFacts {
  readonly key: string;
  readonly hasCommand: boolean;
  readonly hasAlt: boolean;
  /** Somebody types a text, or a dialog is open. */
  readonly isElsewhere: boolean;
  /** `g` was pressed just before. */
  readonly isAfterGo: boolean;
  readonly hasSingleKeys: boolean;
}

/** What the keys mean, on every page. */
export function keyWish(facts: KeyFacts): KeyWish {
  if (facts.hasCommand) {
    return facts.key.toLowerCase() === 'k' && !facts.hasAlt ? { kind: 'open', overlay: 'palette' } : null;
  }
  if (facts.hasAlt || facts.isElsewhere || !facts.hasSingleKeys) return null;
  if (facts.isAfterGo) {
    const place = places.find(({ key }) => key === facts.key.toLowerCase());
    if (place) return { kind: 'go', path: place.path };
  }
  if (facts.key === '/') return { kind: 'open', overlay: 'palette' };
  if (facts.key === '?') return { kind: 'open', overlay: 'sheet' };
  return facts.key === '[' ? { kind: 'rail' } : null;
}

/** The keys that work on every page, and what they have opened. */
@Injectable({ providedIn: 'root' })
export class Shortcuts {
  private readonly router = inject(Router);
  private readonly preferences = inject(Preferences);
  private readonly rail = inject(RailWidth);
  private readonly opened = signal<Overlay | null>(null);
  private wentAt = -Infinity;

  readonly overlay = this.opened.asReadonly();

  open(overlay: Overlay): void {
    this.opened.set(overlay);
  }

  close(): void {
    this.opened.set(null);
  }

  take(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    const isElsewhere = isTyping(event.target) || document.querySelector('dialog[open]') !== null;
    const wish = keyWish({
      key: event.key,
      hasCommand: event.ctrlKey || event.metaKey,
      hasAlt: event.altKey,
      isElsewhere,
      isAfterGo: event.timeStamp - this.wentAt < sequenceMs,
      hasSingleKeys: this.preferences.hasSingleKeys(),
    });
    this.wentAt = event.key === 'g' && !isElsewhere ? event.timeStamp : -Infinity;
    if (!wish) return;
    event.preventDefault();
    this.grant(wish);
  }

  private grant(wish: NonNullable<KeyWish>): void {
    switch (wish.kind) {
      case 'open':
        return this.opened.set(wish.overlay);
      case 'rail':
        return this.rail.toggle();
      case 'go':
        this.router
          .navigateByUrl(`/${wish.path}`)
          .catch((error: unknown) => console.error('The page could not be opened', error));
    }
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
}
