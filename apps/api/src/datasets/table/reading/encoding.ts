import type { CsvReading } from '@gan-dashboard/shared-types';
import { ImportError } from '../import-error';
import type { Inspection } from '../table-protocol';

/** How to turn a file into UTF-8 with one kind of line end; `decoder` is undefined where it is UTF-8 already. */
export interface Transcoding {
  encoding: CsvReading['encoding'];
  decoder: 'utf-16le' | 'utf-16be' | 'windows-1252' | undefined;
  hasMixedLineEnds: boolean;
}

/** More control characters than this among a thousand bytes: no text. */
const controlsPerThousand = 5;

/**
 * Decides from its bytes how a file is encoded.
 *
 * @throws ImportError for a file that is empty or no text.
 */
export function decideEncoding(inspection: Inspection): Transcoding {
  const { byte_order_mark: mark, size_bytes: size, nul_bytes: nuls } = inspection;
  if (size === 0) throw new ImportError('The file is empty. Choose a CSV file with a header line and rows.');
  if (mark === 'utf-16le' || mark === 'utf-16be') {
    return { encoding: 'utf-16', decoder: mark, hasMixedLineEnds: false };
  }
  if (nuls > 0) {
    throw new ImportError(
      `The file holds ${nuls} NUL byte(s): it is a binary file, or UTF-16 without a byte order mark. ` +
        'Save the table as CSV in UTF-8 and try again.',
    );
  }
  if (inspection.control_bytes * 1000 > size * controlsPerThousand) {
    throw new ImportError(
      `The file is not text: ${inspection.control_bytes} of its ${size} bytes are control characters. ` +
        'Save the table as CSV in UTF-8 and try again.',
    );
  }
  const hasMixedLineEnds = [inspection.crlf, inspection.lf, inspection.cr].filter((count) => count > 0).length > 1;
  const isUtf8 = inspection.invalid_utf8_bytes * 10 <= inspection.multibyte_characters;
  // A UTF-8 file with a few broken bytes stays UTF-8: those rows are rejected and counted, the others stay right.
  if (isUtf8 || mark === 'utf-8') return { encoding: 'utf-8', decoder: undefined, hasMixedLineEnds };
  // windows-1252 agrees with Latin-1 on every printable character of Latin-1, and knows the euro sign and dashes.
  return { encoding: 'latin-1', decoder: 'windows-1252', hasMixedLineEnds };
}
