import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runStep } from '../workspace/child.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const folders = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'];
const applications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export const howToGetChromium =
  'no Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM to its program file';

/**
 * The program file of a Chromium: CHROMIUM, else what is in PATH, else in the usual places; undefined: none.
 *
 * @throws Error when CHROMIUM names no file
 */
export function findChromium(environment = process.env, exists = existsSync) {
  const { CHROMIUM, PATH = '' } = environment;
  if (CHROMIUM) {
    if (exists(CHROMIUM)) return CHROMIUM;
    throw new Error(`CHROMIUM=${CHROMIUM}: there is no such file`);
  }
  const places = [...PATH.split(delimiter).filter(Boolean), ...folders];
  return [...places.flatMap((folder) => names.map((name) => join(folder, name))), ...applications].find(exists);
}

/** Finds Chromium, or installs Debian's where this process may; undefined: there is none. */
export async function ensureChromium() {
  const found = findChromium();
  if (found || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return found;
  console.log('Installing Chromium for the browser tests (apt-get install chromium) …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runStep('apt-get', ['update', '-qq'], { env });
  await runStep('apt-get', ['install', '-y', '-qq', 'chromium'], { env });
  return findChromium();
}
