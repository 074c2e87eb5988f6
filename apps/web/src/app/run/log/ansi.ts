/** A stretch of text of one look. */
export interface AnsiPart {
  readonly text: string;
  /** One of the eight colours of a terminal, `bright` ones as their plain sisters; empty: that of the text. */
  readonly color: AnsiColor | '';
  readonly isBold: boolean;
}
export const ansiColors = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
export type AnsiColor = (typeof ansiColors)[number];

// ECMA-48, 5.4: control sequences; those that do not end in `m` say nothing of colours and are left out.
// eslint-disable-next-line no-control-regex -- the escape character is what is looked for
const sequence = /\u001b\[([0-9;:]*)([@-~])/g;

/** A line with the colours that its program wrote. Never HTML: the parts are texts. */
export function ansiParts(line: string): AnsiPart[] {
  if (!line.includes('\u001b')) return [{ text: line, color: '', isBold: false }];
  const parts: AnsiPart[] = [];
  let look: Pick<AnsiPart, 'color' | 'isBold'> = { color: '', isBold: false };
  let from = 0;
  for (const match of line.matchAll(sequence)) {
    if (match.index > from) parts.push({ text: line.slice(from, match.index), ...look });
    from = match.index + match[0].length;
    if (match[2] === 'm') look = lookAfter(look, match[1] ?? '');
  }
  if (from < line.length) parts.push({ text: line.slice(from), ...look });
  return parts;
}

/** A line as plain text. */
export function withoutAnsi(line: string): string {
  return line.includes('\u001b') ? line.replace(sequence, '') : line;
}

/** ECMA-48, 8.3.117: select graphic rendition. Colours of 256 and more are skipped with their numbers. */
function lookAfter(look: Pick<AnsiPart, 'color' | 'isBold'>, codes: string): Pick<AnsiPart, 'color' | 'isBold'> {
  let { color, isBold } = look;
  const numbers = codes.split(/[;:]/).map(Number);
  for (let index = 0; index < numbers.length; index++) {
    const code = numbers[index] as number;
    if (code === 0) [color, isBold] = ['', false];
    else if (code === 1) isBold = true;
    else if (code === 22) isBold = false;
    else if (code === 39) color = '';
    else if (code === 38 || code === 48) index += numbers[index + 1] === 5 ? 2 : 4;
    else if (code >= 30 && code <= 37) color = ansiColors[code - 30] ?? '';
    else if (code >= 90 && code <= 97) color = ansiColors[code - 90] ?? '';
  }
  return { color, isBold };
}
