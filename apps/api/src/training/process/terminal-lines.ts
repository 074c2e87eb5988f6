import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import { cleanText } from '../output-lines';

export interface TerminalLine {
  text: string;
  /** The program has written over it since (a carriage return): the state of a progress bar, not a line of its own. */
  isRewritten: boolean;
}

/** A line that never ends is cut into pieces of a hundred times the wanted length, so that memory stays bounded. */
const pieces = 100;

/**
 * Reads output as a terminal would show it: a carriage return goes back to the line's start, and what follows replaces
 * what was there. Colours and cursor movements are left out. A line longer than `longest` characters is cut and says so.
 */
export class TerminalLines {
  private readonly decoder = new StringDecoder('utf8');
  /** What stands on the line now, and what stood there before the last carriage return. */
  private current = '';
  private held = '';

  constructor(
    private readonly longest: number,
    private readonly onLine: (line: TerminalLine) => void,
  ) {}

  write(chunk: Buffer): void {
    // Backspaces move back one by one; programs that use them go back to the start of their bar.
    const text = this.decoder.write(chunk).replaceAll(/\x08+/g, '\r'); // eslint-disable-line no-control-regex
    for (const part of text.split(/(?<=[\r\n])/)) {
      const end = part.at(-1);
      this.append(end === '\r' || end === '\n' ? part.slice(0, -1) : part);
      if (end === '\r') this.carriageReturn();
      if (end === '\n') this.newLine();
    }
  }

  /** The output has ended: what stands on the line is its last one. */
  end(): void {
    this.append(this.decoder.end());
    this.newLine();
  }

  private append(text: string): void {
    if (text === '') return;
    // Only now is it sure that the line is written over: the carriage return of a "\r\n" would be none.
    if (this.held !== '') this.emit(this.held, true);
    this.held = '';
    this.current += text;
    if (this.current.length > this.longest * pieces) this.newLine();
  }

  private carriageReturn(): void {
    if (this.current !== '') this.held = this.current;
    this.current = '';
  }

  private newLine(): void {
    const text = this.current === '' ? this.held : this.current;
    this.current = '';
    this.held = '';
    this.emit(text, false);
  }

  private emit(line: string, isRewritten: boolean): void {
    const text = cleanText(stripVTControlCharacters(line)).trimEnd();
    if (text.trim() === '') return;
    const isLong = text.length > this.longest;
    const shown = isLong ? `${text.slice(0, this.longest).toWellFormed()} … (${text.length} characters, cut)` : text;
    this.onLine({ text: shown, isRewritten });
  }
}
