import type { ElementRef } from '@angular/core';
import { ChangeDetectionStrategy, Component, computed, inject, input, signal, viewChild } from '@angular/core';
import type { Run } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../../api/api-problem';
import { Session } from '../../identity/session';
import { RunsStore } from '../../runs/runs-store';
import { OpenRunStore } from '../open-run-store';
import { RunPageApi } from './run-page-api';

/** The name of a run, changed where it stands: Enter saves, Escape leaves it as it was. */
@Component({
  selector: 'gd-run-name',
  template: `
    @if (isEditing()) {
      <form (submit)="save($event)">
        <label class="visually-hidden" for="run-name-edit" i18n>Name of the run</label>
        <input
          #field
          id="run-name-edit"
          class="gd-input"
          data-testid="run-name-edit"
          maxlength="200"
          [value]="run().name"
          [attr.aria-invalid]="problem() !== ''"
          aria-describedby="run-name-problem"
          (keydown.escape)="leave()"
        />
        <button type="submit" class="gd-tool outlined" [disabled]="isSaving()" i18n>Save</button>
        <button type="button" class="gd-tool" (click)="leave()" i18n>Cancel</button>
      </form>
      <p id="run-name-problem" class="gd-error" role="alert">{{ problem() }}</p>
    } @else {
      <h1 data-testid="run-name">{{ run().name }}</h1>
      <button
        #open
        type="button"
        class="gd-tool"
        data-testid="run-rename"
        [attr.aria-disabled]="blocker() !== ''"
        [title]="blocker() || 'Change the name of the run'"
        (click)="edit()"
        i18n
      >
        Rename
      </button>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 8px;
      min-width: 0;
    }
    form {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
    }
    input {
      width: min(420px, 70vw);
    }
    h1 {
      font-size: 16px;
      letter-spacing: -0.01em;
      overflow-wrap: anywhere;
    }
    .gd-error:empty {
      display: none;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunName {
  readonly run = input.required<Run>();
  private readonly api = inject(RunPageApi);
  private readonly runs = inject(RunsStore);
  private readonly store = inject(OpenRunStore);
  private readonly session = inject(Session);
  private readonly field = viewChild<ElementRef<HTMLInputElement>>('field');
  private readonly opener = viewChild<ElementRef<HTMLButtonElement>>('open');

  protected readonly isEditing = signal(false);
  protected readonly isSaving = signal(false);
  protected readonly problem = signal('');
  protected readonly blocker = computed(() => this.session.trainBlocker());

  protected edit(): void {
    if (this.blocker() !== '') return;
    this.isEditing.set(true);
    setTimeout(() => this.field()?.nativeElement.select());
  }

  protected leave(): void {
    this.isEditing.set(false);
    this.problem.set('');
    setTimeout(() => this.opener()?.nativeElement.focus());
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    const name = this.field()?.nativeElement.value.trim() ?? '';
    if (name === '') {
      this.problem.set($localize`A run needs a name: type at least one letter.`);
      return;
    }
    this.isSaving.set(true);
    try {
      const run = await this.api.rename(this.run().id, name);
      this.runs.put([run]);
      this.store.renamed(run);
      this.leave();
    } catch (error) {
      const { detail, advice } = toApiProblem(error);
      this.problem.set(`${detail} ${advice}`);
    } finally {
      this.isSaving.set(false);
    }
  }
}
