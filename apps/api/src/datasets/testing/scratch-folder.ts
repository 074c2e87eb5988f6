import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An empty folder for one spec; call `remove` when it is done. */
export function scratchFolder(): { path: string; remove: () => void } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'datasets-')));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
