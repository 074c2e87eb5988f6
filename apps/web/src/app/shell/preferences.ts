import { DOCUMENT, Injectable, inject, signal } from '@angular/core';
import { readStored, writeStored } from '../design/stored';

export type Density = 'comfortable' | 'compact';
/** Read by public/theme.js before the first paint too. */
const densityStoredAs = 'gd.density';
const keysStoredAs = 'gd.single-keys';

/** What a person chose for this browser, besides the theme. */
@Injectable({ providedIn: 'root' })
export class Preferences {
  private readonly root = inject(DOCUMENT).documentElement;
  private readonly chosenDensity = signal<Density>(
    readStored(densityStoredAs) === 'compact' ? 'compact' : 'comfortable',
  );
  private readonly singleKeys = signal(readStored(keysStoredAs) !== 'off');

  readonly density = this.chosenDensity.asReadonly();
  /** Whether keys without Ctrl or ⌘ do something; speech input may press them by accident. */
  readonly hasSingleKeys = this.singleKeys.asReadonly();

  constructor() {
    this.root.dataset['density'] = this.chosenDensity();
  }

  chooseDensity(density: Density): void {
    this.chosenDensity.set(density);
    this.root.dataset['density'] = density;
    writeStored(densityStoredAs, density === 'compact' ? density : null);
  }

  useSingleKeys(isOn: boolean): void {
    this.singleKeys.set(isOn);
    writeStored(keysStoredAs, isOn ? null : 'off');
  }
}
