import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import type { Cell } from '@gan-dashboard/shared-types';
import { shortTime } from '../design/format';

/** Rows as they are, scrollable sideways. */
@Component({
  selector: 'gd-cell-table',
  template: `
    <div class="gd-scroll-x" tabindex="0" role="region" [attr.aria-label]="label()">
      <table class="gd-table" [attr.data-testid]="testId()">
        <thead>
          <tr>
            @for (heading of headings(); track $index) {
              <th scope="col">{{ heading }}</th>
            }
          </tr>
        </thead>
        <tbody>
          @for (row of rows(); track $index) {
            <tr>
              @for (cell of row; track $index) {
                <td [class.number]="isNumber(cell)" [class.missing]="cell === null">{{ text(cell) }}</td>
              }
            </tr>
          }
        </tbody>
      </table>
    </div>
  `,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
    .missing {
      color: var(--gd-muted);
      font-style: italic;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CellTable {
  readonly label = input.required<string>();
  readonly testId = input.required<string>();
  readonly headings = input.required<readonly string[]>();
  readonly rows = input.required<readonly (readonly Cell[])[]>();

  /** Numbers keep their digits; only times are shortened. */
  protected text(cell: Cell): string {
    if (cell === null) return 'missing';
    return typeof cell === 'string' ? shortTime(cell) : String(cell);
  }

  protected isNumber(cell: Cell): boolean {
    return typeof cell === 'number';
  }
}
