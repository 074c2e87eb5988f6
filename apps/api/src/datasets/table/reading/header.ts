import { ImportError } from '../import-error';

export const maximumColumns = 2_000;

const numberPattern = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;
const datePattern = /^\s*\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}.*)?\s*$/;
const yearPattern = /^\s*(19|20)\d{2}\s*$/;

export interface Header {
  hasHeader: boolean;
  /** As the source spells them, or column_1 … where it has no header; unique, and none is empty. */
  names: string[];
  warnings: string[];
}

/**
 * Finds the columns' names. The first line counts as values, not names, where a column below it holds numbers or
 * dates and so does the first line in every such column; years are still names when all of them are years.
 *
 * @throws ImportError for too many columns.
 */
export function readHeader([first = [], ...rest]: string[][]): Header {
  if (first.length > maximumColumns) {
    throw new ImportError(
      `The file has ${first.length} columns; at most ${maximumColumns} can be read. Split it into smaller tables.`,
    );
  }
  if (isValues(first, rest)) {
    const names = first.map((_, index) => `column_${index + 1}`);
    const warning = `The first line holds values, not names: the columns are named column_1 to column_${names.length}.`;
    return { hasHeader: false, names, warnings: [warning] };
  }
  return { hasHeader: true, ...uniqueNames(first) };
}

function isValues(first: string[], rest: string[][]): boolean {
  const quantities = first.filter((_, column) => {
    const values = rest.map((record) => record[column] ?? '').filter((value) => value.trim() !== '');
    return values.length > 0 && values.filter(isQuantity).length > values.length / 2;
  });
  return quantities.length > 0 && quantities.every(isQuantity) && !quantities.every((cell) => yearPattern.test(cell));
}

function isQuantity(cell: string): boolean {
  return numberPattern.test(cell) || datePattern.test(cell);
}

/** Names as tables need them: none empty, none twice (in any case of letters), no control characters. */
function uniqueNames(header: string[]): { names: string[]; warnings: string[] } {
  // DuckDB offers the number of a row of Parquet under this name.
  const taken = new Set<string>(['file_row_number']);
  const warnings: string[] = [];
  const names = header.map((source, index) => {
    const base = cleanName(source) || `column_${index + 1}`;
    let name = base;
    for (let copy = 2; taken.has(name.toLowerCase()); copy++) name = `${base}_${copy}`;
    taken.add(name.toLowerCase());
    if (name !== source) {
      const problem = source.trim() === '' ? 'has no name' : `is named ${JSON.stringify(source)}`;
      const isRepeated = name !== base;
      warnings.push(
        `Column ${index + 1} ${problem}${isRepeated ? ' like another one' : ''}; it is called ${name} here.`,
      );
    }
    return name;
  });
  return { names, warnings };
}

function cleanName(source: string): string {
  const printable = [...source].map((character) => (isControl(character) ? ' ' : character)).join('');
  return printable.replace(/\s+/g, ' ').trim().slice(0, 200);
}

function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x20 || code === 0x7f;
}
