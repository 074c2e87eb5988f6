import { Injectable, signal } from '@angular/core';

export interface ToastAction {
  /** Such as `Undo`. */
  readonly label: string;
  /** Its failure is said in another toast. */
  readonly run: () => void | Promise<void>;
}

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'bad';
  readonly action?: ToastAction;
}

export interface ToastOptions {
  readonly tone?: Toast['tone'];
  readonly action?: ToastAction;
}

const plainMs = 6_000;
/** Long enough to read what happened, move to the button and press it. */
const actionMs = 12_000;
const mostAtOnce = 4;

/**
 * Short news of what the person has just done, with a way back where there is one:
 * `toasts.show('Run “a” deleted', { action: { label: 'Undo', run: () => restore() } })`.
 * What goes wrong by itself belongs beside the thing it concerns, not here.
 */
@Injectable({ providedIn: 'root' })
export class Toasts {
  private readonly shown = signal<readonly Toast[]>([]);
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();
  private isHeld = false;
  private lastId = 0;

  /** Oldest first. */
  readonly items = this.shown.asReadonly();

  /** Returns the toast's id, for `dismiss`. */
  show(text: string, { tone = 'plain', action }: ToastOptions = {}): number {
    const toast: Toast = { id: ++this.lastId, text, tone, ...(action ? { action } : {}) };
    const kept = this.shown().slice(-(mostAtOnce - 1));
    for (const { id } of this.shown()) if (!kept.some((other) => other.id === id)) this.forget(id);
    this.shown.set([...kept, toast]);
    if (!this.isHeld) this.startTimer(toast);
    return toast.id;
  }

  dismiss(id: number): void {
    this.forget(id);
    this.shown.update((items) => items.filter((toast) => toast.id !== id));
  }

  /** While somebody points at them or has the focus in them, none goes. */
  hold(): void {
    this.isHeld = true;
    for (const { id } of this.shown()) this.forget(id);
  }

  release(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    for (const toast of this.shown()) this.startTimer(toast);
  }

  /** Does what the toast offers, once. */
  async act({ id, action }: Toast): Promise<void> {
    this.dismiss(id);
    try {
      await action?.run();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.show($localize`“${action?.label ?? ''}” did not work: ${reason}`, { tone: 'bad' });
    }
  }

  private startTimer({ id, action }: Toast): void {
    this.timers.set(
      id,
      setTimeout(() => this.dismiss(id), action ? actionMs : plainMs),
    );
  }

  private forget(id: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
  }
}
