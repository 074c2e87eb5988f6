import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** What spreadsheets take for the beginning of a formula (OWASP, CSV injection). */
const formulaStart = /^[=+\-@\t\r]/;
const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The cell, with an apostrophe before it where a spreadsheet would run it; numbers stay as they are. */
export function escapedCell(text: string): string {
  return formulaStart.test(text) && !number.test(text) ? `'${text}` : text;
}

/**
 * Makes a CSV of ours (commas, quotes as in RFC 4180, UTF-8) safe to open in a spreadsheet while it is sent. Of each cell
 * no more than what decides is held back, so that rows of any length take no memory.
 */
export class EscapeFormulas extends Transform {
  private readonly decoder = new StringDecoder('utf8');
  /** Of the cell that may be a formula; its end says whether it is a number. */
  private held: string | undefined;
  private isAtStart = true;
  private isQuoted = false;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    done(null, this.escape(this.decoder.write(chunk)));
  }

  override _flush(done: TransformCallback): void {
    done(null, this.escape(this.decoder.end()) + this.release());
  }

  private escape(text: string): string {
    let out = '';
    for (const character of text) out += this.next(character);
    return out;
  }

  private next(character: string): string {
    const isQuote = character === '"';
    if (this.isAtStart && isQuote && !this.isQuoted) {
      this.isQuoted = true;
      return character;
    }
    const ends = isQuote || (!this.isQuoted && (character === ',' || character === '\n' || character === '\r'));
    if (this.held !== undefined && !ends && this.held.length < longestNumber) {
      this.held += character;
      return '';
    }
    const released = this.release();
    if (this.isAtStart && !ends && formulaStart.test(character)) {
      this.held = character;
      this.isAtStart = false;
      return released;
    }
    // A quote ends the quoted part, and a doubled one begins it again: what follows is no start of a cell.
    if (isQuote) this.isQuoted = !this.isQuoted;
    this.isAtStart = ends && !isQuote;
    return released + character;
  }

  private release(): string {
    const released = this.held === undefined ? '' : escapedCell(this.held);
    this.held = undefined;
    return released;
  }
}

/** A longer cell is no number that anybody writes. */
const longestNumber = 64;
