import { stripVTControlCharacters } from 'node:util';

const longestMessage = 12;

/** Each failed test with the head of its message: the end of a long output is what people, and CI, look at. */
export function listOfFailures(rows) {
  const lines = rows.flatMap(({ title, failures = [] }) =>
    failures.flatMap(({ test, message }) => [
      `✗ ${title}: ${test}`,
      ...stripVTControlCharacters(message)
        .split('\n')
        .filter((line) => line.trim() !== '')
        .slice(0, longestMessage)
        .map((line) => `    ${line}`),
    ]),
  );
  return lines.join('\n');
}

/** The last line: `N passed, M failed`, with the skipped ones where there are any. */
export function verdict(rows) {
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const skipped = sum('skipped');
  return `${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** One line per stage: counts, time, and what there is to say about it. */
export function table(rows) {
  const width = Math.max(...rows.map(({ title }) => title.length), 'stage'.length);
  const line = (title, [passed, failed, skipped, time], note = '') =>
    `${title.padEnd(width)} ${passed.padStart(8)} ${failed.padStart(8)} ${skipped.padStart(8)} ${time.padStart(9)}  ${note}`.trimEnd();
  return [
    line('stage', ['passed', 'failed', 'skipped', 'time']),
    ...rows.map(({ title, passed, failed, skipped, seconds, note }) =>
      line(title, [String(passed), String(failed), String(skipped), `${seconds.toFixed(1)} s`], note),
    ),
  ].join('\n');
}
