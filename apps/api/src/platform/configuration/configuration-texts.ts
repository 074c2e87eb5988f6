import { configurationReference } from './configuration-reference';
import type { DocumentedVariables } from './configuration-reference';

const notice =
  '<!-- Made from configuration-reference.ts: npm exec -- vitest run src/platform/configuration --update in apps/api. -->';

/** `docs/configuration.md`, before it is formatted. */
export function configurationPage(): string {
  const sections = configurationReference.map(({ title, intro, variables, outro = '' }, index) => {
    const rows = variables.map(
      ({ names, fallback, meaning }) =>
        `| ${names.map((name) => `\`${name}\``).join(', ')} | ${fallback} | ${meaning} |`,
    );
    const heading = `${index === 0 ? '#' : '##'} ${title}`;
    const table = ['| variable | default | meaning |', '| - | - | - |', ...rows].join('\n');
    return [heading, index === 0 ? notice : '', intro, variables.length > 0 ? table : '', outro]
      .filter((part) => part !== '')
      .join('\n\n');
  });
  return `${sections.join('\n\n')}\n`;
}

/** What `--help` prints. */
export function helpText(): string {
  const sections = configurationReference.map(
    ({ title, variables }) => `${title}\n${variables.map(helpLines).join('\n')}`,
  );
  return [
    'Usage: npm start',
    'Serves the dashboard. It takes no arguments: environment variables configure it.',
    ...sections,
  ].join('\n\n');
}

function helpLines({ names, fallback, meaning }: DocumentedVariables): string {
  return `  ${names.join(', ')} (default: ${plain(fallback)})\n${wrapped(plain(meaning))}`;
}

/** Without the marks of Markdown. */
function plain(text: string): string {
  return text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/`/g, '');
}

const width = 92;

function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length < width) lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `      ${line}`).join('\n');
}
