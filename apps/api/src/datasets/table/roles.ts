import type { ColumnRole, ColumnType } from '@gan-dashboard/shared-types';

/** What a role is proposed from. */
export interface ColumnFacts {
  name: string;
  type: ColumnType;
  rows: number;
  missing: number;
  distinct: number;
  /** Digits that are kept as text: leading zeros or too many of them. */
  isCode: boolean;
  /** Of integer columns. */
  min?: number;
  max?: number;
  /** Every value is a UUID; of text columns. */
  isUuid?: boolean;
}

export interface ProposedRole {
  role: ColumnRole;
  role_reason?: string;
}

const idName =
  /(^|[_\s.-])(id|uuid|guid|key|index|idx|rowid|row_?number|row_?no)$|^unnamed|[a-z](Id|ID|Key)$|^column_1$/;
const codeName = /(^|[_\s.-])(code|zip|zipcode|postcode|postal_?code|category|class|type|flag)$/i;
/** A text column with more different values than this, and more than half of its rows different, is free text. */
const freeTextValues = 50;
const freeTextShare = 0.5;
const mostCodes = 50;

/**
 * Proposes what a column means to a model. Numbers are quantities, unless an integer column holds only 0 and 1 (a
 * flag) or is named like a code and has few values; all-different values under an id's name are ids; text is a
 * category, unless it is mostly different from row to row.
 */
export function proposeRole(facts: ColumnFacts): ProposedRole {
  if (facts.rows > 0 && facts.missing === facts.rows) return { role: 'excluded', role_reason: 'It has no values.' };
  switch (facts.type) {
    case 'integer':
      return integerRole(facts);
    case 'number':
      return constantNote(facts, { role: 'numeric' });
    case 'date':
    case 'datetime':
      return { role: 'datetime' };
    case 'boolean':
      return constantNote(facts, { role: 'categorical' });
    case 'text':
      return textRole(facts);
  }
}

function integerRole(facts: ColumnFacts): ProposedRole {
  const { name, min = 0, max = 0, distinct } = facts;
  if (isKey(facts) && idName.test(name)) {
    const isCounter = max - min + 1 === distinct;
    return {
      role: 'id',
      role_reason: isCounter ? 'It numbers the rows.' : 'Every value is different and it is named like an id.',
    };
  }
  if (distinct === 2 && min === 0 && max === 1) {
    return { role: 'categorical', role_reason: 'It holds only 0 and 1: read as a flag.' };
  }
  if (codeName.test(name) && distinct <= mostCodes) {
    return { role: 'categorical', role_reason: `It is named like a code and has ${distinct} different values.` };
  }
  return constantNote(facts, { role: 'numeric' });
}

function textRole(facts: ColumnFacts): ProposedRole {
  const { rows, missing, distinct } = facts;
  if (facts.isUuid && isKey(facts)) return { role: 'id', role_reason: 'Every value is a different UUID.' };
  if (isKey(facts) && idName.test(facts.name)) {
    return { role: 'id', role_reason: 'Every value is different and it is named like an id.' };
  }
  if (distinct > freeTextValues && distinct > (rows - missing) * freeTextShare) {
    const count = `${distinct.toLocaleString('en')} different values in ${(rows - missing).toLocaleString('en')} rows`;
    return { role: 'excluded', role_reason: `${count}: free text cannot be learned as categories.` };
  }
  if (facts.isCode)
    return { role: 'categorical', role_reason: 'Its digits are codes (leading zeros or too many digits).' };
  return constantNote(facts, { role: 'categorical' });
}

function isKey({ rows, missing, distinct }: ColumnFacts): boolean {
  return rows > 1 && missing === 0 && distinct === rows;
}

function constantNote({ distinct }: ColumnFacts, proposed: ProposedRole): ProposedRole {
  return distinct === 1 ? { ...proposed, role_reason: 'It holds one value only.' } : proposed;
}
