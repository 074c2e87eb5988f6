import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

/** Grey lines where content is being loaded. */
@Component({
  selector: 'gd-skeleton',
  template: `
    <span class="visually-hidden" i18n>Loading</span>
    @for (width of widths(); track $index) {
      <span class="line" [style.width.%]="width" aria-hidden="true"></span>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 10px;
      padding: 12px;
    }
    .line {
      height: 12px;
      border-radius: 4px;
      background: var(--gd-hover);
      animation: breathe 1.6s ease-in-out infinite;
    }
    @keyframes breathe {
      50% {
        opacity: 0.45;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Skeleton {
  readonly lines = input(3);
  protected readonly widths = computed(() =>
    Array.from({ length: this.lines() }, (_, index) => [92, 74, 83][index % 3]),
  );
}
