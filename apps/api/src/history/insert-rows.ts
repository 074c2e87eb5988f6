import type { EntityManager } from 'typeorm';

/** As many rows are inserted by one statement, and so together or not at all. */
export const rowsPerStatement = 50;

/**
 * Inserts rows, some at a time. Values travel as parameters of their own, because buffers in an array would be sent as
 * text, twice as long.
 *
 * @param into table and columns, the code's own words
 */
export async function insertRows(manager: EntityManager, into: string, rows: readonly unknown[][]): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    const some = rows.slice(start, start + rowsPerStatement);
    const places = some.map(
      (row, index) => `(${row.map((_, column) => `$${index * row.length + column + 1}`).join()})`,
    );
    await manager.query(`INSERT INTO ${into} VALUES ${places.join()}`, some.flat());
  }
}
