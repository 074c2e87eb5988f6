import { ChangeDetectionStrategy, Component, computed, input, linkedSignal, untracked } from '@angular/core';
import { scoreText } from '@gan-dashboard/shared-types';
import type { LiveCorrelations } from '@gan-dashboard/shared-types';
import { colourOf, mapsOfPairs } from '../../reports/report-geometry';
import { correlationText, furthestApart, gapOf, gapText, pairText, pairsOf } from './correlations';

/** Units of a drawing: the square, and the names of its rows to the left. */
const side = 210;
const margin = 64;
const mostLetters = 12;
const worstPairs = 12;

/** Correlations of real and synthetic rows at a measurement, and their difference; a pair is read by two lists. */
@Component({
  selector: 'gd-correlation-maps',
  templateUrl: './correlation-maps.html',
  styleUrl: './correlation-maps.scss',
  host: { 'data-testid': 'correlation-maps' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CorrelationMaps {
  readonly epoch = input.required<number>();
  /** Undefined: not measured. */
  readonly correlations = input.required<LiveCorrelations | undefined>();

  protected readonly side = side;
  protected readonly margin = margin;
  protected readonly scales = {
    association: scaleOf([-1, 0, 1], 'association'),
    difference: scaleOf([0, 0.5], 'difference'),
  };
  private readonly pairs = computed(() => {
    const measured = this.correlations();
    return measured ? pairsOf(measured) : [];
  });
  protected readonly columns = computed(() => this.correlations()?.columns ?? [], { equal: isSameList });
  protected readonly text = computed(() => correlationText(this.epoch(), this.pairs()));
  protected readonly names = computed(() => {
    const cell = side / this.columns().length;
    const size = Math.min(9, cell * 0.9);
    return this.columns().map((name, row) => ({
      short: shortName(name),
      y: (row + 0.5) * cell + size * 0.35,
      size,
    }));
  });
  protected readonly drawn = computed(() => {
    const found = mapsOfPairs(this.columns(), this.pairs());
    if (!found) return undefined;
    const cell = side / found.columns.length;
    return found.maps.map(({ title, kind, cells }) => ({
      title,
      words: $localize`${title}\: correlations of ${found.columns.length} columns with each other`,
      cells: cells.flatMap((values, row) =>
        values.map((value, column) => ({
          ...{ row, column, x: margin + column * cell, y: row * cell, size: cell },
          colour: colourOf(value, kind),
          title: $localize`${found.columns[row]} and ${found.columns[column]}\: ${scoreText(value)}`,
        })),
      ),
    }));
  });

  /** The pair that is read out: the one furthest apart when the maps first come, then what was chosen. */
  protected readonly chosen = linkedSignal<readonly string[], { row: number; column: number }>({
    source: this.columns,
    computation: (columns) => {
      const [first = '', second = ''] = furthestApart(untracked(this.pairs))[0]?.columns ?? columns;
      return { row: Math.max(0, columns.indexOf(first)), column: Math.max(0, columns.indexOf(second)) };
    },
  });
  protected readonly chosenText = computed(() => {
    const { row, column } = this.chosen();
    const [first, second] = [this.columns()[row], this.columns()[column]];
    if (row === column) return $localize`${first} with itself\: always 1`;
    const pair = this.pairs().find(
      ({ columns: [a, b] }) => (a === first && b === second) || (a === second && b === first),
    );
    return pair ? pairText(pair) : '';
  });
  protected readonly marks = computed(() => {
    const { row, column } = this.chosen();
    const size = side / this.columns().length;
    return [
      { x: margin + column * size, y: row * size, size },
      { x: margin + row * size, y: column * size, size },
    ];
  });
  protected readonly worst = computed(() =>
    furthestApart(this.pairs())
      .slice(0, worstPairs)
      .map((pair) => ({
        name: pair.columns.join(' × '),
        gap: gapText(gapOf(pair)),
        real: scoreText(pair.real),
        synthetic: scoreText(pair.synthetic),
      })),
  );

  protected choose(row: number, column: number): void {
    this.chosen.set({ row, column });
  }
}

/** Names of a table often begin alike: what is left out is in the middle. */
function shortName(name: string): string {
  return name.length > mostLetters ? `${name.slice(0, 6)}…${name.slice(-(mostLetters - 7))}` : name;
}

function scaleOf(values: readonly number[], kind: 'association' | 'difference'): string {
  return ['linear-gradient(to right', ...values.map((value) => colourOf(value, kind))].join(', ') + ')';
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}
