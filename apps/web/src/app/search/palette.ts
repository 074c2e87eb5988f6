import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  afterNextRender,
  computed,
  inject,
  linkedSignal,
  output,
  signal,
  viewChild,
} from '@angular/core';
import type { ElementRef } from '@angular/core';
import { Icon } from '../design/icon';
import { EntrySource } from './entry-source';
import { found } from './entries';
import type { Entry } from './entries';

/** A pause in typing after which the server is asked. */
const askAfterMs = 150;

/** Finds pages, actions, runs and data sets: a text field that governs a list. The focus stays in the field. */
@Component({
  selector: 'gd-palette',
  imports: [Icon],
  templateUrl: './palette.html',
  styleUrl: './palette.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Palette {
  private readonly source = inject(EntrySource);
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  readonly closed = output();

  protected readonly query = signal('');
  protected readonly groups = computed(() => found(this.source.entries(), this.query()));
  private readonly all = computed(() => this.groups().flatMap(({ entries }) => entries));
  /** Stays on the same entry while what is found around it changes; a new query begins at the first. */
  protected readonly activeId = linkedSignal<{ query: string; ids: string[] }, string | undefined>({
    source: () => ({ query: this.query(), ids: this.all().map(({ id }) => id) }),
    computation: ({ query, ids }, previous) =>
      previous?.source.query === query && ids.includes(previous.value ?? '') ? previous.value : ids[0],
  });
  protected readonly problem = this.source.problem;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.source.load();
    afterNextRender(() => this.dialog().nativeElement.showModal());
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
  }

  protected typed(query: string): void {
    this.query.set(query);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.source.ask(query), askAfterMs);
  }

  protected pressed(event: KeyboardEvent): void {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      this.move(move);
    } else if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      const entry = this.all().find(({ id }) => id === this.activeId());
      if (entry) void this.choose(entry);
    }
  }

  protected async choose(entry: Entry): Promise<void> {
    // First the way out, so that what is chosen may open a dialog of its own.
    this.dialog().nativeElement.close();
    this.closed.emit();
    await entry.choose();
  }

  private move(by: number): void {
    const ids = this.all().map(({ id }) => id);
    const at = ids.indexOf(this.activeId() ?? '');
    this.activeId.set(ids.at((at + by) % ids.length));
    const option = document.getElementById(this.optionId(this.activeId() ?? ''));
    option?.scrollIntoView({ block: 'nearest' });
  }

  protected optionId(id: string): string {
    return `found-${id.replaceAll(/[^\w-]/g, '-')}`;
  }
}
