import { Busboy } from '@fastify/busboy';
import type { BusboyFileStream, BusboyInstance } from '@fastify/busboy';
import type { IncomingMessage } from 'node:http';
import { ProblemException } from '../../platform/http/problem';
import { safeFileName } from './file-name';
import { storeSource, tooLarge } from './store-source';
import type { StoredSource } from './store-source';

export interface ReceivedUpload extends StoredSource {
  fileName: string;
  /** The form's field `name`, where it was given. */
  name: string | undefined;
}

/** Form fields and boundaries around a file; only a body larger than the limit and this is refused unread. */
const formOverhead = 1 << 20;
const longestName = 200;

/**
 * Streams the file of a multipart form (field `file`, optional field `name`) to `path`.
 *
 * @throws ProblemException 415 no multipart form, 400 malformed, cut off or without a file, 413 too large.
 */
export async function receiveUpload(
  request: IncomingMessage,
  { path, maxBytes }: { path: string; maxBytes: number },
): Promise<ReceivedUpload> {
  const parser = parserFor(request);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + formOverhead) throw tooLarge(maxBytes);
  return new Upload(request, parser, { path, maxBytes }).received;
}

function parserFor(request: IncomingMessage): BusboyInstance {
  const type = request.headers['content-type'];
  if (!type || !/^multipart\/form-data\b/i.test(type)) {
    throw new ProblemException(
      415,
      `The content type is ${type ?? 'missing'}. Send the CSV as multipart/form-data in the field "file".`,
    );
  }
  try {
    return new Busboy({
      headers: { ...request.headers, 'content-type': type },
      limits: { files: 1, fields: 10, fieldSize: 4096 },
    });
  } catch (error) {
    throw new ProblemException(400, `The form cannot be read: ${(error as Error).message}.`);
  }
}

class Upload {
  readonly received: Promise<ReceivedUpload>;
  private storing: Promise<StoredSource> | undefined;
  private fileStream: BusboyFileStream | undefined;
  private fileName = '';
  private name: string | undefined;
  private readonly otherFields: string[] = [];
  private hasFailed = false;

  constructor(
    private readonly request: IncomingMessage,
    private readonly parser: BusboyInstance,
    private readonly target: { path: string; maxBytes: number },
  ) {
    this.received = new Promise((resolve, reject) => {
      const fail = (error: unknown) => void this.fail(asProblem(error)).then(reject);
      parser.on('field', (field, value) => this.takeField(field, value));
      parser.on('file', (field, stream, fileName) => this.takeFile(field, stream, { fileName, fail }));
      parser.once('filesLimit', () => fail(new ProblemException(400, 'The form has several files; send one.')));
      parser.once('error', fail);
      parser.once('finish', () => {
        this.finish().then(resolve, fail);
      });
      request.once('error', fail);
      request.once('close', () => {
        if (!request.complete) fail(cutOff());
      });
    });
    request.pipe(parser);
  }

  private takeField(field: string, value: string): void {
    if (field === 'name') this.name = value.trim().slice(0, longestName) || undefined;
    else this.otherFields.push(field);
  }

  private takeFile(
    field: string,
    stream: BusboyFileStream,
    { fileName, fail }: { fileName: string; fail: (error: unknown) => void },
  ): void {
    if (field !== 'file' || this.hasFailed) {
      this.otherFields.push(field);
      stream.resume();
      return;
    }
    this.fileStream = stream;
    this.fileName = safeFileName(fileName);
    this.storing = storeSource(stream, this.target.path, this.target.maxBytes);
    this.storing.catch(fail);
  }

  private async finish(): Promise<ReceivedUpload> {
    if (!this.storing) {
      const others = this.otherFields.length > 0 ? ` It has: ${this.otherFields.slice(0, 10).join(', ')}.` : '';
      throw new ProblemException(400, `The form has no file in the field "file".${others}`, [
        { path: 'file', message: 'is missing' },
      ]);
    }
    return { ...(await this.storing), fileName: this.fileName, name: this.name };
  }

  /** Stops reading and waits until the half-written file is gone. The rest of the body is let pass unread. */
  private async fail(problem: ProblemException): Promise<ProblemException> {
    if (!this.hasFailed) {
      this.hasFailed = true;
      this.request.unpipe(this.parser);
      this.request.resume();
      this.fileStream?.destroy(problem);
    }
    await Promise.allSettled([this.storing]);
    return problem;
  }
}

function cutOff(): ProblemException {
  return new ProblemException(400, 'The upload was cut off before the file was complete. Send it again.');
}

function asProblem(error: unknown): ProblemException {
  if (error instanceof ProblemException) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new ProblemException(507, 'The disk of the server is full. Free space and try again.');
  if (code === 'ECONNRESET') return cutOff();
  return new ProblemException(400, `The form cannot be read: ${message}.`);
}
