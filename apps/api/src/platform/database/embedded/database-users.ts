import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processIdentity } from './processes.ts';

/**
 * Who uses the server of one home: a file per user, named by process and named anew for each start in one process.
 * The server is stopped by the last living user; entries of processes that ended without a word do not count.
 * Call only while the start lock is held.
 */
export class DatabaseUsers {
  readonly #folder: string;

  constructor(home: string) {
    this.#folder = join(home, 'users');
  }

  /** Adds this process; the returned name is what `leave` wants back. */
  join(): string {
    mkdirSync(this.#folder, { recursive: true });
    const taken = new Set(this.#names());
    let count = 0;
    while (taken.has(`${process.pid}-${count}`)) count += 1;
    const name = `${process.pid}-${count}`;
    writeFileSync(join(this.#folder, name), processIdentity(process.pid) ?? '');
    return name;
  }

  leave(name: string): void {
    rmSync(join(this.#folder, name), { force: true });
  }

  /** The process ids of the living users; forgets the dead ones. */
  living(): number[] {
    return this.#names().flatMap((name) => {
      const pid = Number(name.split('-')[0]);
      const file = join(this.#folder, name);
      if (processIdentity(pid) === readFileSync(file, 'utf8')) return [pid];
      rmSync(file, { force: true });
      return [];
    });
  }

  #names(): string[] {
    try {
      return readdirSync(this.#folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }
}
