import type { Cell, Sample, SampleCondition, SampleConstraint } from '@gan-dashboard/shared-types';

/** What was asked of the rows of a sample and how often it was met; empty where nothing was asked. */
export function wishesText(sample: Sample): string {
  const { conditions, balance, constraints, hit_rate: hitRate, completed_share: share } = sample;
  const parts = conditions.map(conditionText);
  if (balance) {
    const shares = balance.shares?.map(({ value, share }) => `${cellText(value)} ${share}`).join(' : ');
    parts.push($localize`${balance.column} balanced${shares === undefined ? $localize` evenly` : `, ${shares}`}`);
  }
  parts.push(...constraints.map(constraintText));
  if (parts.length === 0) return sequencesText(sample);
  const met = hitRate === null ? '' : $localize` ${percentText(hitRate)} of the rows drawn were kept.`;
  const completed = share === null ? '' : $localize` In ${percentText(share)} of them a combination was completed.`;
  return $localize`Rows with ${parts.join('; ')}.${met}${completed}`;
}

function sequencesText({ sequences, rows }: Sample): string {
  if (!sequences) return '';
  const { count, length } = sequences;
  if (count === undefined) return length === undefined ? '' : $localize`Sequences of ${length} rows.`;
  return $localize`${count === 1 ? $localize`One sequence` : $localize`${count} sequences`} of ${length ?? rows / count} rows.`;
}

function constraintText(constraint: SampleConstraint): string {
  switch (constraint.kind) {
    case 'inequality':
      return `${constraint.low} ${constraint.strict ? '<' : '≤'} ${constraint.high}`;
    case 'fixed_combinations':
      return $localize`${constraint.columns.join(', ')} as in the table`;
    case 'unique':
      return $localize`${constraint.columns.join(', ')} different in each row`;
  }
}

function conditionText(condition: SampleCondition): string {
  const { column } = condition;
  if ('equals' in condition) return `${column} ${cellText(condition.equals)}`;
  if ('one_of' in condition) return `${column} ${condition.one_of.map(cellText).join(' or ')}`;
  const { at_least: least, at_most: most } = condition;
  if (least === undefined) return $localize`${column} at most ${most ?? ''}`;
  return most === undefined ? $localize`${column} at least ${least}` : $localize`${column} from ${least} to ${most}`;
}

function cellText(cell: Cell): string {
  return cell === null ? 'missing' : typeof cell === 'string' ? `"${cell}"` : String(cell);
}

function percentText(share: number): string {
  return `${new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(100 * share)} %`;
}
