import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { rolesFor, sequenceRoles } from '@gan-dashboard/shared-types';
import type { ColumnProfile, ColumnRole, DatasetColumn, SequenceRole } from '@gan-dashboard/shared-types';
import { formatCount, formatValue } from '../design/format';
import { MiniHistogram } from './mini-histogram';
import { AriaLabel } from '../design/aria-label';

interface ColumnRow {
  column: DatasetColumn;
  roles: readonly ColumnRole[];
  profile: ColumnProfile | undefined;
  statistics: string;
  topValues: string;
  missingShare: string;
}

/** Columns with their type, role, gaps and distribution. */
@Component({
  selector: 'gd-column-table',
  imports: [AriaLabel, MiniHistogram],
  templateUrl: './column-table.html',
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
    .gd-scroll-x {
      max-height: 420px;
      overflow: auto;
    }
    select {
      height: 26px;
      width: 108px;
    }
    th[scope='row'] {
      color: var(--gd-text);
      font-weight: 550;
      background: var(--gd-surface);
      left: 0;
    }
    thead th {
      z-index: 1;
    }
    td {
      color: var(--gd-muted);
    }
    .some {
      color: var(--gd-warning);
    }
    .values {
      display: block;
      max-width: 240px;
      overflow: hidden;
      text-overflow: ellipsis;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ColumnTable {
  readonly columns = input.required<readonly DatasetColumn[]>();
  readonly profiles = input.required<readonly ColumnProfile[]>();
  readonly rowCount = input.required<number | null>();
  readonly roleChange = output<{ column: string; role: ColumnRole }>();
  /** null: models of sequences work it out. */
  readonly sequenceRoleChange = output<{ column: string; role: SequenceRole | null }>();

  protected readonly sequenceRoles = sequenceRoles;

  protected readonly formatCount = formatCount;
  protected readonly rows = computed<readonly ColumnRow[]>(() => {
    const profiles = new Map(this.profiles().map((profile) => [profile.name, profile]));
    return this.columns().map((column) => {
      const profile = profiles.get(column.name);
      return {
        column,
        profile,
        roles: rolesFor(column.type),
        statistics: statisticsText(profile),
        topValues: topText(profile),
        missingShare: shareText(column.missing, this.rowCount()),
      };
    });
  });

  protected changed(row: ColumnRow, value: string): void {
    const role = row.roles.find((allowed) => allowed === value);
    if (role !== undefined && role !== row.column.role) this.roleChange.emit({ column: row.column.name, role });
  }

  protected sequenceChanged({ column }: ColumnRow, value: string): void {
    const role = sequenceRoles.find((each) => each === value) ?? null;
    if (role !== (column.sequence_role ?? null)) this.sequenceRoleChange.emit({ column: column.name, role });
  }
}

function statisticsText(profile: ColumnProfile | undefined): string {
  if (!profile) return '';
  const range =
    profile.min !== undefined && profile.max !== undefined
      ? `${formatValue(profile.min)} … ${formatValue(profile.max)}`
      : '';
  const centre = profile.mean === undefined ? '' : $localize`mean ${formatValue(profile.mean)}`;
  const spread = profile.std === undefined ? '' : $localize`sd ${formatValue(profile.std)}`;
  const { quantiles } = profile;
  const middle = quantiles
    ? $localize`median ${formatValue(quantiles.p50)}, 5-95 %: ${formatValue(quantiles.p05)} … ${formatValue(quantiles.p95)}`
    : '';
  return [range, centre, spread, middle].filter((text) => text !== '').join(', ');
}

function topText(profile: ColumnProfile | undefined): string {
  return (profile?.top_values ?? [])
    .slice(0, 5)
    .map((top) => `${top.value === null ? 'missing' : String(top.value)} (${formatCount(top.count)})`)
    .join(', ');
}

function shareText(missing: number, rows: number | null): string {
  if (missing === 0 || !rows) return formatCount(missing);
  return `${formatCount(missing)} (${((missing / rows) * 100).toFixed(1)} %)`;
}
