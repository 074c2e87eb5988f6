/** Text that may stand in a document as it is. Only `html` makes it, so that what comes from data cannot become markup. */
export class Markup {
  private constructor(readonly text: string) {}

  /** @internal for `html` and for constants of the source alone */
  static of(text: string): Markup {
    return new Markup(text);
  }
}

export type Piece = string | number | Markup | readonly Markup[] | undefined;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For text between tags and in quoted attributes; control characters, which no document may hold, are replaced. */
export function escapeText(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex -- these are what is looked for
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd')
      .replace(/[&<>"']/g, (character) => entities[character] ?? '')
  );
}

/** A template whose values are escaped, unless they are markup themselves. Attributes must be in double quotes. */
export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Markup {
  return Markup.of(
    strings.reduce((text, part, index) => text + part + (index < pieces.length ? pieceText(pieces[index]) : ''), ''),
  );
}

function pieceText(piece: Piece): string {
  if (piece === undefined) return '';
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'object') return piece.map(({ text }) => text).join('');
  return escapeText(String(piece));
}
