import type { DatasetGenerate } from '@gan-dashboard/shared-types';
import { treasuryOrderBook } from './treasury-order-book';
import { yieldCurve } from './yield-curve';

const chunkCharacters = 64 * 1024;

export interface GeneratedTable {
  /** CSV text in pieces of about 64 KiB. */
  chunks: Iterable<Buffer>;
  fileName: string;
  title: string;
}

/** The sample data of a kind. */
export function generatorOf(kind: DatasetGenerate['kind'], options: { rows: number; seed: number }): GeneratedTable {
  const { rows, seed } = options;
  const fileName = `${kind}_${rows}_seed${seed}.csv`;
  switch (kind) {
    case 'treasury_orderbook':
      return { chunks: inChunks(treasuryOrderBook(options)), fileName, title: `Treasury order book (seed ${seed})` };
    case 'yield_curve':
      return { chunks: inChunks(yieldCurve(options)), fileName, title: `Yield curve (seed ${seed})` };
  }
}

function* inChunks(lines: Iterable<string>): Generator<Buffer> {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length < chunkCharacters) continue;
    yield Buffer.from(chunk);
    chunk = '';
  }
  if (chunk) yield Buffer.from(chunk);
}
