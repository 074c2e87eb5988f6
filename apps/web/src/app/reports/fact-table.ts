import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** A small table of figures that fits a narrow screen: the first cell of each row names it. */
@Component({
  selector: 'gd-fact-table',
  template: `
    <table class="gd-table">
      <thead>
        <tr>
          @for (heading of headings(); track $index) {
            <th scope="col" [class.number]="$index > 0">{{ heading }}</th>
          }
        </tr>
      </thead>
      <tbody>
        @for (row of rows(); track $index) {
          <tr>
            @for (cell of row; track $index) {
              <td [class.number]="$index > 0">{{ cell }}</td>
            }
          </tr>
        }
      </tbody>
    </table>
  `,
  styles: `
    .gd-table th,
    .gd-table td {
      position: static;
      padding: 3px 6px 3px 0;
      background: none;
      white-space: normal;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FactTable {
  readonly headings = input.required<readonly string[]>();
  readonly rows = input.required<readonly (readonly string[])[]>();
}
