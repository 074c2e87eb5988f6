import { pipeline } from 'node:stream';
import type { Readable, Transform } from 'node:stream';
import { Injectable, Logger, StreamableFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ProblemException } from '../http/problem';
import { FileMissingError, FileStore, StorageError } from './file-store';
import type { ByteRange } from './file-store';

export interface FileToSend {
  key: string;
  /** Under which it is saved. */
  fileName: string;
  type: string;
  /** Names the content, so that a broken download can be taken up; absent where it is not known. */
  sha256?: string;
  /** Changes the content on its way: it is then sent whole, and neither its length nor a name of it is known. */
  through?: Transform;
}

/** Sends files of the store as attachments: whole, or the range that is asked for (RFC 9110, section 14). */
@Injectable()
export class FileSender {
  private readonly logger = new Logger(FileSender.name);

  constructor(private readonly files: FileStore) {}

  /** @throws ProblemException 404 where the file is gone, 416 for a range outside of it, 503 where the store does not answer. */
  async send(
    file: FileToSend,
    { request, response }: { request: Request; response: Response },
  ): Promise<StreamableFile> {
    try {
      const size = await this.files.size(file.key);
      if (size === undefined) throw new FileMissingError(file.key);
      if (file.through) return this.changed(file, await this.files.open(file.key), { through: file.through, response });
      const range = rangeOf(request, response, { size, etag: etagOf(file) });
      const body = await this.files.open(file.key, range);
      return this.answer(file, body, { size, range, response });
    } catch (error) {
      throw problemOf(error, file.fileName);
    }
  }

  private changed(
    file: FileToSend,
    body: Readable,
    { through, response }: { through: Transform; response: Response },
  ): StreamableFile {
    response.once('close', () => body.destroy());
    // An error of either destroys both, and is told by the error handler of what is sent.
    const changed = pipeline(body, through, () => undefined);
    return new StreamableFile(changed, { type: file.type, disposition: dispositionOf(file.fileName) }).setErrorHandler(
      (error) => {
        this.logger.warn(`${file.key} was cut off while it was being sent: ${error.message}`);
        response.destroy();
      },
    );
  }

  private answer(
    file: FileToSend,
    body: Readable,
    { size, range, response }: { size: number; range: ByteRange | undefined; response: Response },
  ): StreamableFile {
    const etag = etagOf(file);
    if (etag !== undefined) response.setHeader('ETag', etag);
    response.setHeader('Accept-Ranges', 'bytes');
    if (range) response.status(206).setHeader('Content-Range', `bytes ${range.start}-${range.end}/${size}`);
    // Whoever goes away in the middle must not leave the file or the connection to the store open.
    response.once('close', () => body.destroy());
    return new StreamableFile(body, {
      type: file.type,
      disposition: dispositionOf(file.fileName),
      length: range ? range.end - range.start + 1 : size,
    }).setErrorHandler((error) => {
      this.logger.warn(`${file.key} was cut off while it was being sent: ${error.message}`);
      response.destroy();
    });
  }
}

function etagOf({ sha256 }: FileToSend): string | undefined {
  return sha256 === undefined ? undefined : `"${sha256}"`;
}

/** One range is answered as such; several, or one of another version of the file, by the whole file. */
function rangeOf(
  request: Request,
  response: Response,
  { size, etag }: { size: number; etag: string | undefined },
): ByteRange | undefined {
  const condition = request.header('if-range');
  if (size === 0 || (condition !== undefined && condition !== etag)) return undefined;
  const ranges = request.range(size);
  if (ranges === -1) {
    response.setHeader('Content-Range', `bytes */${size}`);
    throw new ProblemException(416, `The range lies outside of the file, which has ${size} bytes.`);
  }
  if (ranges === undefined || ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return undefined;
  return ranges[0];
}

/** RFC 6266: an ASCII name for old clients, the true one encoded beside it. */
function dispositionOf(fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(fileName)}`;
}

function problemOf(error: unknown, fileName: string): unknown {
  if (error instanceof FileMissingError) {
    return new ProblemException(404, `The file ${fileName} is no longer where the server keeps its files.`);
  }
  if (error instanceof StorageError) {
    return new ProblemException(503, `The file ${fileName} cannot be read now: ${error.message}. Try again later.`);
  }
  return error;
}
