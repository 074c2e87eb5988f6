import type { Inspection } from '../table-protocol';

const LF = 0x0a;
const CR = 0x0d;

/** Looks at every byte of a file as it passes: line ends, encoding, and signs that it is no text at all. */
export class ByteInspector {
  private size = 0;
  private crlf = 0;
  private lf = 0;
  private cr = 0;
  private lineStart = 0;
  private longestLine = 0;
  private nuls = 0;
  private controls = 0;
  private multibyte = 0;
  private invalid = 0;
  /** Continuation bytes that the current UTF-8 character still needs. */
  private pending = 0;
  private lastWasCr = false;
  private readonly head: number[] = [];

  update(chunk: Uint8Array): void {
    for (let index = 0; this.head.length < 4 && index < chunk.length; index++) this.head.push(chunk[index] ?? 0);
    // A plain loop: this runs over every byte of every upload.
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index] ?? 0;
      if (byte >= 0x80 || this.pending > 0) this.seeMultibyte(byte);
      if (byte < 0x20) this.seeControl(byte, this.size + index);
      else if (this.lastWasCr) this.endBareCr();
    }
    this.size += chunk.length;
  }

  finish(): Inspection {
    if (this.lastWasCr) this.endBareCr();
    if (this.pending > 0) this.invalid += 1;
    return {
      size_bytes: this.size,
      crlf: this.crlf,
      lf: this.lf,
      cr: this.cr,
      longest_line_bytes: Math.max(this.longestLine, this.size - this.lineStart),
      nul_bytes: this.nuls,
      control_bytes: this.controls,
      byte_order_mark: this.byteOrderMark(),
      multibyte_characters: this.multibyte,
      invalid_utf8_bytes: this.invalid,
    };
  }

  private seeControl(byte: number, position: number): void {
    if (byte === LF) {
      if (this.lastWasCr) this.crlf += 1;
      else this.lf += 1;
      this.lastWasCr = false;
      this.endLine(position);
      return;
    }
    if (this.lastWasCr) this.endBareCr();
    if (byte === CR) {
      this.lastWasCr = true;
      this.endLine(position);
    } else if (byte === 0) {
      this.nuls += 1;
    } else if (byte !== 0x09 && byte !== 0x0c) {
      this.controls += 1;
    }
  }

  private endBareCr(): void {
    this.cr += 1;
    this.lastWasCr = false;
  }

  private endLine(position: number): void {
    this.longestLine = Math.max(this.longestLine, position - this.lineStart);
    this.lineStart = position + 1;
  }

  private seeMultibyte(byte: number): void {
    if (this.pending > 0) {
      if ((byte & 0xc0) === 0x80) {
        this.pending -= 1;
        if (this.pending === 0) this.multibyte += 1;
        return;
      }
      this.invalid += 1;
      this.pending = 0;
      if (byte < 0x80) return;
    }
    if (byte >= 0xc2 && byte <= 0xdf) this.pending = 1;
    else if (byte >= 0xe0 && byte <= 0xef) this.pending = 2;
    else if (byte >= 0xf0 && byte <= 0xf4) this.pending = 3;
    else this.invalid += 1;
  }

  private byteOrderMark(): Inspection['byte_order_mark'] {
    const [first, second, third] = this.head;
    if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
    if (first === 0xff && second === 0xfe) return 'utf-16le';
    if (first === 0xfe && second === 0xff) return 'utf-16be';
    return 'none';
  }
}
