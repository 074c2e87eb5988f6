import { createReadStream, createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Transcoding } from './encoding';

/** Writes `source` as UTF-8 without a byte order mark and with `\n` as its only line end. */
export async function transcode(source: string, target: string, { decoder }: Pick<Transcoding, 'decoder'>) {
  const text = new TextDecoder(decoder ?? 'utf-8');
  let heldBackCr = '';
  const uniform = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      let part = heldBackCr + text.decode(chunk, { stream: true });
      // A `\r` at the end of a chunk may be half of a `\r\n`.
      heldBackCr = part.endsWith('\r') ? '\r' : '';
      if (heldBackCr) part = part.slice(0, -1);
      done(null, part.replace(/\r\n?/g, '\n'));
    },
    flush(done) {
      done(null, (heldBackCr + text.decode()).replace(/\r\n?/g, '\n'));
    },
  });
  await pipeline(createReadStream(source), uniform, createWriteStream(target));
}
