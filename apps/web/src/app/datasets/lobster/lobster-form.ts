import { ChangeDetectionStrategy, Component, computed, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { LobsterError, lobsterTable } from './lobster-table';

type Failure = Pick<LobsterError, 'field' | 'message'>;

/** Takes the one or two files that LOBSTER gives for a day, and makes one table of them. */
@Component({
  selector: 'gd-lobster-form',
  imports: [MatButton],
  templateUrl: './lobster-form.html',
  styleUrl: './lobster-form.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LobsterForm {
  /** What is to be uploaded. */
  readonly made = output<File>();
  readonly cancelled = output();

  protected readonly isMaking = signal(false);
  private readonly failure = signal<Failure | null>(null);
  protected readonly bookError = computed(() => this.errorOf('book'));
  protected readonly messagesError = computed(() => this.errorOf('messages'));

  protected changed(): void {
    this.failure.set(null);
  }

  protected async make(event: Event, book: File | undefined, messages: File | undefined): Promise<void> {
    event.preventDefault();
    if (this.isMaking()) return;
    if (!book) return this.failure.set({ field: 'book', message: 'Choose the file of the order book.' });
    this.isMaking.set(true);
    try {
      const table = await lobsterTable(book, messages ?? null);
      this.failure.set(null);
      this.made.emit(table);
    } catch (error) {
      this.failure.set(error instanceof LobsterError ? error : unreadable(error));
    } finally {
      this.isMaking.set(false);
    }
  }

  private errorOf(field: Failure['field']): string {
    const failure = this.failure();
    return failure?.field === field ? failure.message : '';
  }
}

/** Such as a file that was changed or removed after it was chosen. */
function unreadable(error: unknown): Failure {
  const reason = error instanceof Error ? error.message : String(error);
  return { field: 'book', message: $localize`The files could not be read: ${reason} Choose them again.` };
}
