import { logEntrySchema, logLevels } from '@gan-dashboard/shared-types';
import type { LogEntry } from '@gan-dashboard/shared-types';
import { cleanText } from '../training/output-lines';
import { encodeIntegers, IntegerReader } from './integers';

/** A chunk is full when it has so many lines, or characters of text. */
export const chunkLines = 500;
export const chunkCharacters = 65_536;

/**
 * Lines of a log as they lie in the database. `text` is the messages, each followed by a line feed; `fields` their
 * numbers, times, lengths in UTF-16 units, and origins (see `originOf`).
 */
export interface StoredLines {
  firstLine: number;
  lastLine: number;
  count: number;
  /** Bit i: there is a line of level i. */
  levels: number;
  isFull: boolean;
  text: string;
  fields: Buffer;
}

const sources = logEntrySchema.shape.source.options;
const streams = [undefined, 'stdout', 'stderr'] as const;

/** Lines in rising order, cut into chunks; only the last one may not be full, and that only at the log's end. */
export function encodeLines(lines: readonly LogEntry[], isEnd = true): StoredLines[] {
  const chunks: LogEntry[][] = [];
  let open: LogEntry[] = [];
  let characters = 0;
  for (const line of lines) {
    const length = line.message.length + 1;
    if (open.length > 0 && (open.length === chunkLines || characters + length > chunkCharacters)) {
      chunks.push(open);
      [open, characters] = [[], 0];
    }
    open.push(line);
    characters += length;
  }
  return [...chunks.map((chunk) => encodeChunk(chunk, true)), ...(open.length > 0 ? [encodeChunk(open, !isEnd)] : [])];
}

function encodeChunk(lines: readonly LogEntry[], isCut: boolean): StoredLines {
  const messages = lines.map(({ message }) => cleanText(message));
  const numbers = lines.map(({ line }) => line);
  const columns = [
    numbers,
    lines.map(({ timestamp }) => Date.parse(timestamp)),
    messages.map(({ length }) => length),
    lines.map(originOf),
  ];
  const text = messages.map((message) => `${message}\n`).join('');
  return {
    firstLine: numbers[0] as number,
    lastLine: numbers[numbers.length - 1] as number,
    count: lines.length,
    levels: lines.reduce((bits, { level }) => bits | levelBit(level), 0),
    isFull: isCut || lines.length >= chunkLines || text.length >= chunkCharacters,
    text,
    fields: Buffer.concat(columns.map(encodeIntegers)),
  };
}

export function decodeLines({ count, text, fields }: Pick<StoredLines, 'count' | 'text' | 'fields'>): LogEntry[] {
  const reader = new IntegerReader(fields);
  const [numbers, times] = [reader.read(count), reader.read(count)];
  const [lengths, origins] = [reader.read(count), reader.read(count)];
  let start = 0;
  return Array.from(numbers, (line, index) => {
    const end = start + (lengths[index] as number);
    const message = text.slice(start, end);
    start = end + 1;
    const timestamp = new Date(times[index] as number).toISOString();
    return { message, ...fieldsOf(origins[index] as number), line, timestamp };
  });
}

export function levelBit(level: LogEntry['level']): number {
  return 1 << logLevels.indexOf(level);
}

/** Source, stream and level as one number. A new source, stream or level is to be added behind the others. */
function originOf({ source, stream, level }: LogEntry): number {
  return (
    (sources.indexOf(source) * streams.length + streams.indexOf(stream)) * logLevels.length + logLevels.indexOf(level)
  );
}

function fieldsOf(origin: number): Pick<LogEntry, 'source' | 'stream' | 'level'> {
  const level = logLevels[origin % logLevels.length];
  const rest = Math.floor(origin / logLevels.length);
  const stream = streams[rest % streams.length];
  const source = sources[Math.floor(rest / streams.length)];
  if (!level || !source) throw new RangeError(`${origin} is no origin of a log line`);
  return stream ? { source, stream, level } : { source, level };
}
