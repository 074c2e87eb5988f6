import type { Dataset } from '@gan-dashboard/shared-types';
import { formatCount } from '../design/format';

export interface Fact {
  name: string;
  value: string;
  /** Shown as a warning: something that the data's owner will want to look at. */
  isOdd?: boolean;
}

const kinds = {
  order_book: $localize`Order book`,
  time_series: $localize`Time series`,
  table: $localize`Table`,
} as const;

/** What was recognised in the data, for the head of its page. Absent facts were not looked for. */
export function structureFacts(dataset: Dataset): Fact[] {
  const { structure, reading } = dataset;
  const facts: Fact[] = [];
  if (structure) {
    facts.push({ name: $localize`Kind`, value: kinds[structure.kind] });
    if (structure.levels !== undefined)
      facts.push({ name: $localize`Levels a side`, value: formatCount(structure.levels) });
    if (structure.time_column !== undefined) facts.push({ name: $localize`Time column`, value: structure.time_column });
    if (structure.crossed_rows !== undefined) facts.push(count($localize`Crossed rows`, structure.crossed_rows));
    if (structure.repeated_timestamps !== undefined) {
      facts.push(count($localize`Repeated timestamps`, structure.repeated_timestamps));
    }
  }
  if (dataset.rejected_row_count !== null) facts.push(count($localize`Rejected rows`, dataset.rejected_row_count));
  if (reading)
    facts.push({ name: $localize`Read as`, value: `${reading.encoding}, ${delimiterName(reading.delimiter)}` });
  return facts;
}

function count(name: string, value: number): Fact {
  return { name, value: formatCount(value), isOdd: value > 0 };
}

function delimiterName(delimiter: string): string {
  switch (delimiter) {
    case ',':
      return 'comma';
    case ';':
      return 'semicolon';
    case '\t':
      return 'tab';
    case '|':
      return 'bar';
    default:
      return delimiter;
  }
}
