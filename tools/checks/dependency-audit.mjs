/**
 * Asks the registry for known weaknesses of what the server ships with: `node tools/checks/dependency-audit.mjs`, and a
 * stage of `npm test`. Exits with 1 where there is one that is high or critical and not in dependency-audit-allowed.json;
 * a registry that does not answer fails nothing, and is told.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const grave = ['high', 'critical'];
const dayForm = /^\d{4}-\d{2}-\d{2}$/;

/**
 * @typedef {{ advisory: string, reason: string, until: string }} Allowed `advisory` is its address, `until` the last
 *   day of the exception, YYYY-MM-DD
 * @typedef {{ kind: 'clean' | 'weak' | 'unknown', lines: string[] }} Verdict
 */

/**
 * @param {string} text of dependency-audit-allowed.json
 * @returns {Allowed[]}
 * @throws Error naming the entry that lacks an address, a reason or a day
 */
export function readAllowed(text) {
  const entries = JSON.parse(text);
  for (const entry of entries) {
    const isWhole = /^https:/.test(entry.advisory) && entry.reason?.trim() && dayForm.test(entry.until);
    if (!isWhole) {
      throw new Error(`${JSON.stringify(entry)} needs "advisory" (its address), "reason" and "until" (YYYY-MM-DD)`);
    }
  }
  return entries;
}

/**
 * What the output of `npm audit --json` says.
 *
 * @param {string} text
 * @param {Allowed[]} [allowed]
 * @param {string} [today] YYYY-MM-DD
 * @returns {Verdict}
 */
export function judge(text, allowed = [], today = new Date().toISOString().slice(0, 10)) {
  let report;
  try {
    report = JSON.parse(text);
  } catch {
    return { kind: 'unknown', lines: ['npm audit gave no report.'] };
  }
  if (report?.vulnerabilities === undefined || report.metadata?.vulnerabilities === undefined) {
    const why = report?.error?.summary || report?.message || 'it gave no list of weaknesses';
    return { kind: 'unknown', lines: [`The registry cannot be asked: ${why}`] };
  }
  const found = gravest(report.vulnerabilities);
  const isAllowed = ({ url }) => allowed.some(({ advisory, until }) => advisory === url && until >= today);
  const lines = found.map((weakness) => `${isAllowed(weakness) ? 'allowed: ' : ''}${describe(weakness, allowed)}`);
  const unused = allowed.filter(({ advisory }) => !found.some(({ url }) => url === advisory));
  for (const { advisory } of unused) lines.push(`${advisory} is not found any more: take it off the list`);
  if (found.some((weakness) => !isAllowed(weakness))) return { kind: 'weak', lines };
  return { kind: 'clean', lines: ['No high or critical weakness is known that is not allowed.', ...lines] };
}

/** The grave advisories, each once; a package that is grave without naming a cause stands for itself. */
function gravest(vulnerabilities) {
  const found = new Map();
  for (const { name, severity, range, via = [] } of Object.values(vulnerabilities)) {
    if (via.length === 0 && grave.includes(severity)) found.set(name, { name, severity, range });
    // A text is the name of another package of the report, which has the advisory.
    for (const advisory of via.filter((cause) => typeof cause === 'object' && grave.includes(cause.severity))) {
      found.set(advisory.url, advisory);
    }
  }
  return [...found.values()];
}

function describe({ name, severity, range, title, url }, allowed) {
  const what = [`${name} ${range}: ${severity}`, title, url].filter(Boolean).join(', ');
  const entry = allowed.find(({ advisory }) => advisory === url);
  return entry ? `${what} (until ${entry.until}: ${entry.reason})` : what;
}

/** @returns {Promise<Verdict>} */
export async function auditDependencies() {
  const allowed = readAllowed(readFileSync(join(here, 'dependency-audit-allowed.json'), 'utf8'));
  const text = await new Promise((resolve) => {
    const options = { cwd: root, timeout: 60_000, maxBuffer: 64 << 20, shell: process.platform === 'win32' };
    // It exits with 1 where it finds anything: what it printed tells the rest.
    execFile('npm', ['audit', '--omit=dev', '--json', '--fetch-retries=1'], options, (_error, stdout) =>
      resolve(stdout),
    );
  });
  return judge(text, allowed);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { kind, lines } = await auditDependencies();
  process.stdout.write(`${kind === 'unknown' ? 'skipped: ' : ''}${lines.join('\n')}\n`);
  process.exitCode = kind === 'weak' ? 1 : 0;
}
