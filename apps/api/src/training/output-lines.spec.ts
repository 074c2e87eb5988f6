import { describe, expect, it } from 'vitest';
import { OutputLines, cleanText, levelOf } from './output-lines';
import { describeEnd } from './process-end';

function linesOf(...chunks: (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const output = new OutputLines((line) => lines.push(line));
  for (const chunk of chunks) output.write(Buffer.from(chunk));
  output.end();
  return lines;
}

describe('OutputLines', () => {
  it('puts lines together over chunks, and gives the last one without a line end', () => {
    expect(linesOf('one\ntw', 'o\r\nthr', 'ee')).toEqual(['one', 'two', 'three']);
  });

  it('does not break a character that two chunks share', () => {
    const euro = Buffer.from('€');
    expect(linesOf(euro.subarray(0, 1), euro.subarray(1), '\n')).toEqual(['€']);
  });

  it('leaves out empty lines and what Postgres does not take', () => {
    expect(linesOf('\n  \na\0b\n')).toEqual(['ab']);
    expect(cleanText('x\ud800y')).toBe('x\ufffdy');
  });

  it('cuts a line without end instead of keeping it all', () => {
    const [first, ...rest] = linesOf('x'.repeat(20_000));
    expect(first?.length).toBeLessThan(8_300);
    expect(first).toContain('20000 characters, cut');
    expect(rest).toEqual([]);
  });
});

describe('levelOf', () => {
  it.each([
    ['Error: no such file', 'error'],
    ['Traceback (most recent call last):', 'error'],
    ['ValueError: not a number', 'error'],
    ['UserWarning: deprecated', 'warning'],
    ['warning: low memory', 'warning'],
    ['loading 12 errors.csv', 'info'],
    ['epoch 3', 'info'],
  ])('takes %j as %s', (line, level) => {
    expect(levelOf(line)).toBe(level);
  });
});

describe('describeEnd', () => {
  it('names the signal, and what usually is behind it', () => {
    expect(describeEnd({ exitCode: null, signal: 'SIGKILL' })).toMatch(/SIGKILL .*out of memory/);
  });

  it('names the exit code and the last error', () => {
    expect(describeEnd({ exitCode: 3, signal: null }, 'Error: boom')).toBe(
      'the trainer ended with exit code 3; its last error was: Error: boom',
    );
  });

  it('does not take a silent end for success', () => {
    expect(describeEnd({ exitCode: 0, signal: null })).toContain('without saying that it had finished');
  });
});
