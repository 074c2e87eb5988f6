import type { ColumnProfile, DatasetColumn, DatasetProfile, PreflightWarning } from '@gan-dashboard/shared-types';

/** Fewer values say nothing about whether a column is a key. */
const fewestRows = 20;
const fewRows = 200;
const manyMissing = 0.5;
/** Names under which tables hold what tells of one person. */
const personal =
  /(^|[_\s-])(e-?mail|phone|telephone|mobile|iban|ssn|social security|passport|tax_?id|credit_?card|first_?name|last_?name|surname|full_?name|street|address|birth_?date|date_of_birth)([_\s-]|$)/i;

/** What the owner of a table will want to look at before a model learns it, column by column. */
export function columnWarnings(columns: readonly DatasetColumn[], profile: DatasetProfile): PreflightWarning[] {
  const learned = columns.filter(({ role }) => role !== 'id' && role !== 'excluded');
  const profiles = new Map(profile.columns.map((column) => [column.name, column]));
  return [
    ...(profile.row_count < fewRows ? [tooFew(profile.row_count)] : []),
    ...learned.flatMap((column) => warningsOf(column, profile.row_count)),
    ...copies(learned.flatMap(({ name }) => profiles.get(name) ?? [])),
  ];
}

function tooFew(rows: number): PreflightWarning {
  const message = `The table has ${rows} rows: a model of so few learns some of them by heart. Add rows, or look at the privacy of its samples.`;
  return { kind: 'few_rows', column: null, message };
}

function warningsOf(column: DatasetColumn, rowCount: number): PreflightWarning[] {
  const { name, type, missing, distinct } = column;
  const present = rowCount - missing;
  const isKeyType = type === 'integer' || type === 'text';
  if (isKeyType && present >= fewestRows && distinct === present) {
    const message = `Each of its ${present} values stands once, as in a key. Give it the role id (made anew) or excluded, or its values may come back in samples.`;
    return [{ kind: 'identifier', column: name, message }];
  }
  if (personal.test(name)) {
    const message =
      'By its name it tells of single people. Give it the role id or excluded unless samples may hold such values.';
    return [{ kind: 'personal_data', column: name, message }];
  }
  if (present > 0 && distinct <= 1) {
    return [{ kind: 'constant', column: name, message: 'It has one value only; leave it out by the role excluded.' }];
  }
  if (missing > manyMissing * rowCount) {
    const percent = Math.round((100 * missing) / rowCount);
    return [{ kind: 'missing_values', column: name, message: `${percent} % of its values are missing.` }];
  }
  return [];
}

/** Columns of one distribution to the last digit hold the same values: one gives the other away, such as a target. */
function copies(profiles: readonly ColumnProfile[]): PreflightWarning[] {
  const first = new Map<string, string>();
  return profiles.flatMap(({ name, histogram, quantiles, mean, std, top_values: top, distinct, missing, min, max }) => {
    if (distinct < 2 || (mean === undefined && top === undefined)) return [];
    const print = JSON.stringify([histogram, quantiles, mean, std, top, distinct, missing, min, max]);
    const twin = first.get(print);
    if (twin === undefined) {
      first.set(print, name);
      return [];
    }
    const message = `It is distributed exactly as “${twin}”: probably a copy, by which one is told from the other. Leave one out by the role excluded.`;
    return [{ kind: 'leak' as const, column: name, message }];
  });
}
