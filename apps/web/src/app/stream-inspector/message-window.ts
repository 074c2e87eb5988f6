import { computed, signal } from '@angular/core';
import { FrameBatch } from '../live/frame-batch';
import type { InspectedMessage } from './inspected-message';

export const messagesKept = 5_000;

export interface MessageFilter {
  /** Found anywhere in the raw text, in any case; empty: all. */
  text: string;
  /** Null: all. */
  type: string | null;
  stream: string | null;
}

/** The newest messages of all streams, and the part of them that is looked at. */
export class MessageWindow {
  private readonly kept = signal<readonly InspectedMessage[]>([]);
  /** What stands still while paused; messages go on to be kept behind it. */
  private readonly frozen = signal<readonly InspectedMessage[] | null>(null);
  private readonly batch = new FrameBatch<InspectedMessage>((messages) => this.add(messages));

  readonly filter = signal<MessageFilter>({ text: '', type: null, stream: null });
  readonly isPaused = computed(() => this.frozen() !== null);
  readonly all = computed(() => this.frozen() ?? this.kept());
  readonly shown = computed(() => filtered(this.all(), this.filter()));
  readonly types = computed(() => [...new Set(this.all().map((message) => message.type))].sort());
  /** Messages that came since the pause. */
  readonly behind = computed(() => {
    const frozen = this.frozen();
    if (frozen === null) return 0;
    const last = frozen.at(-1)?.number ?? 0;
    return this.kept().filter((message) => message.number > last).length;
  });

  push(message: InspectedMessage): void {
    this.batch.push(message);
  }

  setPaused(isPaused: boolean): void {
    this.frozen.set(isPaused ? this.kept() : null);
  }

  setFilter(change: Partial<MessageFilter>): void {
    this.filter.update((filter) => ({ ...filter, ...change }));
  }

  clear(): void {
    this.batch.clear();
    this.kept.set([]);
    if (this.isPaused()) this.frozen.set([]);
  }

  /** One JSON a line, as they came. */
  ndjson(): string {
    return this.shown()
      .map((message) => `${message.text}\n`)
      .join('');
  }

  private add(messages: readonly InspectedMessage[]): void {
    this.kept.update((kept) => [...kept, ...messages].slice(-messagesKept));
  }
}

function filtered(
  messages: readonly InspectedMessage[],
  { text, type, stream }: MessageFilter,
): readonly InspectedMessage[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '' && type === null && stream === null) return messages;
  return messages.filter(
    (message) =>
      (type === null || message.type === type) &&
      (stream === null || message.stream === stream) &&
      (wanted === '' || message.text.toLowerCase().includes(wanted)),
  );
}
