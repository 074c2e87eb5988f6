/**
 * SQL that is true where the process with this `instanceKey` (an expression of type bigint) holds its lock, which means
 * that it lives: see `DatabaseSession.instanceKey`.
 */
export function isInstanceAlive(key: string): string {
  return `EXISTS (
    SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND ((l.classid::bigint << 32) | l.objid::bigint) = ${key})`;
}

/**
 * SQL that is true once the processes have had time to take their locks again after a restart of the database: before
 * that, a free lock says nothing.
 */
export const locksAreSettled = `now() - pg_postmaster_start_time() > interval '10 seconds'`;
