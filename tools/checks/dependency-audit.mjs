/**
 * Asks the registry for known weaknesses of what the server ships with: `node tools/checks/dependency-audit.mjs`.
 * Exits with 1 where there is one that is high or critical; a registry that does not answer fails nothing, and is told.
 */
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const grave = ['high', 'critical'];

/**
 * What the output of `npm audit --json` says.
 *
 * @param {string} text
 * @returns {{ kind: 'clean' | 'weak' | 'unknown', lines: string[] }}
 */
export function judge(text) {
  let report;
  try {
    report = JSON.parse(text);
  } catch {
    return { kind: 'unknown', lines: ['npm audit gave no report.'] };
  }
  if (report.vulnerabilities === undefined || report.metadata?.vulnerabilities === undefined) {
    const why = report.error?.summary ?? report.message ?? 'it gave no list of weaknesses';
    return { kind: 'unknown', lines: [`The registry cannot be asked: ${why}`] };
  }
  const found = Object.values(report.vulnerabilities).filter(({ severity }) => grave.includes(severity));
  const lines = found.map(({ name, severity, range }) => `${name} ${range}: ${severity}`);
  return found.length > 0
    ? { kind: 'weak', lines }
    : { kind: 'clean', lines: ['No high or critical weakness is known.'] };
}

function audit() {
  return new Promise((resolve) => {
    const options = { cwd: root, timeout: 60_000, maxBuffer: 64 << 20 };
    execFile('npm', ['audit', '--omit=dev', '--json'], options, (_error, stdout) => resolve(stdout));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { kind, lines } = judge(await audit());
  process.stdout.write(`${kind === 'unknown' ? 'skipped: ' : ''}${lines.join('\n')}\n`);
  process.exitCode = kind === 'weak' ? 1 : 0;
}
