import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { RunQueryError, conjunctsOf, parseRunQuery } from '@gan-dashboard/shared-types';
import { Icon } from '../design/icon';
import { AriaLabel } from '../design/aria-label';

/** The query text of a list of runs, and a chip for each of its parts that takes the part off. */
@Component({
  selector: 'gd-run-query-bar',
  imports: [AriaLabel, Icon],
  template: `
    <form role="search" (submit)="apply($event, field.value)">
      <label class="visually-hidden" for="run-query" i18n>Filter runs</label>
      <input
        #field
        id="run-query"
        class="gd-input"
        type="search"
        placeholder="generator_loss < 1 and tag:prod"
        i18n-placeholder
        autocomplete="off"
        spellcheck="false"
        aria-describedby="run-query-mistake"
        data-testid="run-query"
        [attr.aria-invalid]="problem() !== ''"
        [value]="query()"
        (search)="apply($event, field.value)"
      />
      <button type="submit" class="gd-tool outlined" i18n><gd-icon name="search" />Filter</button>
      @for (example of quick; track example.query) {
        <button
          type="button"
          class="gd-tool outlined"
          [attr.aria-pressed]="has(example.query)"
          (click)="toggle(example.query)"
        >
          {{ example.label }}
        </button>
      }
    </form>
    <p id="run-query-mistake" class="gd-error" role="status" data-testid="run-query-mistake">{{ problem() }}</p>
    @if (parts().length > 1) {
      <ul class="chips" aria-label="Parts of the filter" i18n-aria-label>
        @for (part of parts(); track part) {
          <li>
            <button
              type="button"
              class="gd-tool outlined"
              gdLabel="Remove {{ part }}"
              i18n-gdLabel
              (click)="toggle(part)"
            >
              <code>{{ part }}</code><gd-icon name="close" />
            </button>
          </li>
        }
      </ul>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 4px;
      flex: 1 1 420px;
      min-width: 0;
    }
    form,
    .chips {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
    }
    input {
      flex: 1 1 220px;
      min-width: 0;
      font-family: var(--gd-mono);
    }
    p:empty {
      display: none;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunQueryBar {
  readonly query = input.required<string>();
  /** What the server found wrong. */
  readonly refusal = input('');
  readonly queryChange = output<string>();

  protected readonly quick = [
    { label: $localize`Failed`, query: 'status:failed' },
    { label: $localize`Running`, query: 'status:running' },
  ];
  private readonly read = computed(() => {
    try {
      return { parts: conjunctsOf(parseRunQuery(this.query())), mistake: '' };
    } catch (error) {
      if (!(error instanceof RunQueryError)) throw error;
      return { parts: [], mistake: error.message };
    }
  });
  protected readonly problem = computed(() => this.read().mistake || this.refusal());
  protected readonly parts = computed(() => [
    ...new Set(this.read().parts.map(({ start, end }) => this.query().slice(start, end))),
  ]);

  protected apply(event: Event, text: string): void {
    event.preventDefault();
    this.queryChange.emit(text.trim());
  }

  protected has(part: string): boolean {
    return this.parts().includes(part);
  }

  protected toggle(part: string): void {
    const others = this.parts().filter((other) => other !== part);
    const next = this.has(part) ? others : [...this.parts().map(closed), part];
    this.queryChange.emit(next.join(' '));
  }
}

/** A part that stands by itself beside others: `a or b` is put in brackets. */
function closed(part: string): string {
  try {
    return parseRunQuery(part)?.kind === 'or' && !part.startsWith('(') ? `(${part})` : part;
  } catch {
    return part; // It is said beside the field that it cannot be read.
  }
}
