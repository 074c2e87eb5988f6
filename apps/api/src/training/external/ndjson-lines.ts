import { StringDecoder } from 'node:string_decoder';

export interface PostedLine {
  /** From 1. */
  line: number;
  /** Undefined for a line that is longer than is read. */
  text: string | undefined;
}

/**
 * Cuts a body of JSON lines as it arrives: each turn gives the lines that have come in since, at most `most` of them.
 * Whoever takes them sets the pace. Empty lines are counted and left out.
 */
export async function* ndjsonLines(
  body: AsyncIterable<Uint8Array>,
  { longest, most }: { longest: number; most: number },
): AsyncGenerator<PostedLine[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let isTooLong = false;
  let line = 0;
  const take = (text: string): PostedLine[] => {
    line++;
    const tooLong = isTooLong || text.length > longest;
    isTooLong = false;
    if (tooLong) return [{ line, text: undefined }];
    return text.trim() === '' ? [] : [{ line, text }];
  };
  for await (const chunk of body) {
    const texts = (rest + decoder.write(Buffer.from(chunk))).split('\n');
    rest = texts.pop() ?? '';
    const lines = texts.flatMap(take);
    if (rest.length > longest) {
      isTooLong = true;
      rest = '';
    }
    for (let from = 0; from < lines.length; from += most) yield lines.slice(from, from + most);
  }
  rest += decoder.end();
  if (rest !== '' || isTooLong) yield take(rest);
}
