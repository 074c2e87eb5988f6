/**
 * A process of its own that starts an embedded PostgreSQL, so that specs can kill it: forked by launch() in homes.ts.
 * Says `{ pid, url, isAdopted }` or `{ error }`; told "stop" it stops the server and ends.
 */
import { EmbeddedPostgresError, startEmbeddedPostgres } from '../embedded-postgres.ts';
import type { Launched } from './homes.ts';

const [home = '', binFolder] = process.argv.slice(2);
const say = (message: Launched | { error: string }) => process.send?.(message);

try {
  const server = await startEmbeddedPostgres({
    home,
    log: () => undefined,
    ...(binFolder !== undefined && { binFolder }),
  });
  process.on('message', () => void server.stop().then(() => process.disconnect()));
  say({ pid: server.pid, url: server.url, isAdopted: server.isAdopted });
} catch (error) {
  if (!(error instanceof EmbeddedPostgresError)) throw error;
  say({ error: error.message });
  process.disconnect();
}
