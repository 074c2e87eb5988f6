import type { Readable } from 'node:stream';
import { TerminalLines } from './terminal-lines';
import type { TerminalLine } from './terminal-lines';

const windowMs = 100;

/**
 * Reads the lines of a stream, at most so many a second: a program that prints faster waits at its pipe, and nothing
 * that it says is lost.
 */
export function readPaced(
  stream: Readable,
  options: { longestLine: number; linesPerSecond: number },
  onLine: (line: TerminalLine) => void,
): void {
  let left = 0;
  let timer: NodeJS.Timeout | undefined;
  const lines = new TerminalLines(options.longestLine, (line) => {
    left--;
    onLine(line);
  });
  const openWindow = () => {
    timer = undefined;
    left = Math.min(0, left) + (options.linesPerSecond * windowMs) / 1_000;
    if (left <= 0) timer = setTimeout(openWindow, windowMs);
    else stream.resume();
  };
  stream.on('data', (chunk: Buffer) => {
    if (timer === undefined) {
      left = (options.linesPerSecond * windowMs) / 1_000;
      timer = setTimeout(openWindow, windowMs);
    }
    lines.write(chunk);
    if (left <= 0) stream.pause();
  });
  stream.once('end', () => {
    clearTimeout(timer);
    lines.end();
  });
}
