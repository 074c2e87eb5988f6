/** What a migration must not do while processes of the version before still work on the database, and what to do instead. */
const forbidden: { pattern: RegExp; instead: string }[] = [
  {
    pattern: /\bDROP\s+(TABLE|COLUMN|VIEW|FUNCTION)\b/i,
    instead: 'stop using it in this release, drop it in the next',
  },
  { pattern: /\bRENAME\b/i, instead: 'add the new name beside the old one and write both' },
  {
    pattern: /\bALTER\s+(COLUMN\s+)?\S+\s+(SET\s+DATA\s+)?TYPE\b/i,
    instead: 'add a column of the new type and write both',
  },
  { pattern: /\bSET\s+NOT\s+NULL\b/i, instead: 'give it a default in this release, the constraint in the next' },
  {
    pattern: /\bDROP\s+DEFAULT\b/i,
    instead: 'the version before may leave the column out: drop it in the next release',
  },
  { pattern: /\bTRUNCATE\b/i, instead: 'delete what is not needed in a job of the server' },
  { pattern: /\bLOCK\s+TABLE\b/i, instead: 'the version before would wait' },
];
const addedColumn = /\bADD\s+(?:COLUMN\s+)(?:IF\s+NOT\s+EXISTS\s+)?("?\w+"?)\s([^,;]*)/gi;

/** What of these statements breaks a process of the version before. @returns one sentence each; empty: it may roll */
export function breaksRollingUpdates(statements: readonly string[]): string[] {
  return statements.flatMap((statement) => {
    const sql = statement.replace(/--[^\n]*/g, '');
    const mistakes = forbidden
      .filter(({ pattern }) => pattern.test(sql))
      .map(({ pattern, instead }) => `${pattern.exec(sql)?.[0]}: ${instead}`);
    for (const [, name, rest = ''] of sql.matchAll(addedColumn)) {
      if (/\bNOT\s+NULL\b/i.test(rest) && !/\b(DEFAULT|GENERATED)\b/i.test(rest))
        mistakes.push(`ADD COLUMN ${name} NOT NULL without DEFAULT: the version before does not write it`);
    }
    return mistakes;
  });
}
