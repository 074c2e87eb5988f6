/**
 * `npm run database -- COMMAND …`: runs a client of PostgreSQL (`psql`, `pg_dump`, `pg_restore`) on the embedded database
 * of DATA_DIR, which is started for it, or used beside the dashboard. The client finds it by PGHOST, PGPORT, PGUSER,
 * PGPASSWORD and PGDATABASE; nothing of that stands in the list of processes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../workspace/root.mjs';

const source = join(root, 'apps/api/src/platform/database/embedded/embedded-postgres.ts');
const usage = `Usage: npm run database -- COMMAND ...

  npm run database -- psql
  npm run database -- pg_dump --format=custom --file=gan.dump
  npm run database -- pg_restore --no-owner --dbname=gan_dashboard gan.dump

DATA_DIR (default ./data) says whose database it is. The client must be of the server's major version or a later one.`;

/** @returns {NodeJS.ProcessEnv} what clients of PostgreSQL read instead of a URL */
function clientEnvironment(url) {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    ...{ PGHOST: hostname, PGPORT: port, PGUSER: username, PGPASSWORD: decodeURIComponent(password) },
    PGDATABASE: pathname.slice(1),
  };
}

/** @returns {Promise<number>} the exit code of the command */
async function main([command, ...args]) {
  if (command === undefined || command === '--help') {
    console.log(usage);
    return command === undefined ? 1 : 0;
  }
  if (process.env.DATABASE_URL) {
    console.error('DATABASE_URL is set, so the database is not the embedded one: run the client on it yourself.');
    return 1;
  }
  const { startEmbeddedPostgres } = await import(pathToFileURL(source).href);
  const home = join(resolve(process.env.DATA_DIR || join(root, 'data')), 'postgres');
  const server = await startEmbeddedPostgres({ home, log: (message) => console.error(message) });
  try {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...clientEnvironment(server.url) } });
    const [code] = await once(child, 'exit');
    return code ?? 1;
  } catch (error) {
    console.error(`${command} cannot be run: ${error.message}`);
    return 1;
  } finally {
    await server.stop();
  }
}

// Ctrl-C is the client's; the server is stopped after it.
process.on('SIGINT', () => undefined);
process.exitCode = await main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  return 1;
});
