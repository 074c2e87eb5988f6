/** What separates fields, and what encloses those that hold separators; `quote` is '' where quotes are data. */
export interface Dialect {
  delimiter: string;
  quote: string;
}

/**
 * Splits the beginning of a CSV into records, at most `limit`. Blank lines are left out. A last record without a
 * line end is left out too unless `isWholeFile`: it may go on beyond the text.
 */
export function parseRecords(
  text: string,
  { delimiter, quote }: Dialect,
  { limit, isWholeFile }: { limit: number; isWholeFile: boolean },
): string[][] {
  const records: string[][] = [];
  let fields: string[] = [];
  let field = '';
  let isQuoted = false;
  let hasQuoted = false;
  const endRecord = () => {
    const isBlank = fields.length === 0 && field === '' && !hasQuoted;
    if (!isBlank) records.push([...fields, field]);
    fields = [];
    field = '';
    hasQuoted = false;
  };
  for (let index = 0; index < text.length && records.length < limit; index++) {
    const character = text[index] ?? '';
    if (isQuoted) {
      if (character !== quote) field += character;
      else if (text[index + 1] === quote) field += text[index++];
      else isQuoted = false;
    } else if (quote !== '' && character === quote && field === '') {
      isQuoted = true;
      hasQuoted = true;
    } else if (character === delimiter) {
      fields.push(field);
      field = '';
      hasQuoted = false;
    } else if (character === '\n' || character === '\r') {
      if (character === '\r' && text[index + 1] === '\n') index++;
      endRecord();
    } else {
      field += character;
    }
  }
  if (isWholeFile && records.length < limit && (field !== '' || fields.length > 0 || hasQuoted)) endRecord();
  return records;
}
