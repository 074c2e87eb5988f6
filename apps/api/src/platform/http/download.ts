import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { StreamableFile } from '@nestjs/common';
import { ProblemException } from './problem';

/**
 * A file as an attachment with its length.
 *
 * @throws ProblemException 404 when the file is gone from the data folder.
 */
export async function downloadOf(path: string, fileName: string, type: string): Promise<StreamableFile> {
  const size = await stat(path).then(
    (stats) => stats.size,
    () => undefined,
  );
  if (size === undefined) throw new ProblemException(404, `The file ${fileName} is no longer in the data folder.`);
  // RFC 6266: an ASCII name for old clients, the true one encoded beside it.
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const disposition = `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(fileName)}`;
  return new StreamableFile(createReadStream(path), { type, disposition, length: size });
}
