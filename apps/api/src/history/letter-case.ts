/**
 * Text in lower case, letter by letter. No letter outside ASCII becomes one of ASCII (the Kelvin sign stays one): a
 * database whose `lower` knows only ASCII then finds the ASCII part of whatever matches.
 */
export function foldCase(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return Array.from(text, foldLetter).join('');
}

function foldLetter(letter: string): string {
  const lower = letter.toLowerCase();
  return isAscii(lower) === isAscii(letter) && lower.length === letter.length ? lower : letter;
}

/** The longest stretch of ASCII in a text; empty where there is none. */
export function longestAscii(text: string): string {
  let longest = '';
  for (const [stretch] of text.matchAll(/[\t -~]+/g)) if (stretch.length > longest.length) longest = stretch;
  return longest;
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false;
  return true;
}
