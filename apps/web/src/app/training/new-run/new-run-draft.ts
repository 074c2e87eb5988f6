import { Injectable, computed, effect, signal } from '@angular/core';
import * as z from 'zod';
import { readStored, writeStored } from '../../design/stored';
import { checkRepeats } from './seeds';

const storedAs = 'gd.new-run';
const draftSchema = z.object({
  datasetId: z.string().nullable(),
  parentId: z.string().nullable(),
  repeats: z.string(),
});
type Draft = z.infer<typeof draftSchema>;
const blank: Draft = { datasetId: null, parentId: null, repeats: '1' };

/** What the page of a new run keeps beside the settings, over a reload as well. */
@Injectable({ providedIn: 'root' })
export class NewRunDraft {
  private readonly draft = signal<Draft>(storedDraft());

  readonly datasetId = computed(() => this.draft().datasetId);
  /** The run that the settings are compared with. */
  readonly parentId = computed(() => this.draft().parentId);
  readonly repeats = computed(() => this.draft().repeats);
  readonly repeatsCheck = computed(() => checkRepeats(this.draft().repeats));

  constructor() {
    effect(() => writeStored(storedAs, JSON.stringify(this.draft())));
  }

  set(change: Partial<Draft>): void {
    this.draft.update((draft) => ({ ...draft, ...change }));
  }
}

function storedDraft(): Draft {
  const stored = readStored(storedAs);
  if (stored === null) return blank;
  try {
    return draftSchema.parse(JSON.parse(stored));
  } catch {
    return blank; // Written by another version: start afresh.
  }
}
