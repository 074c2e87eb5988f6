import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Config } from '../storage-config';

const bucket = 'test-bucket';
const accessKeyId = 'S3RVER';

export interface TestS3 {
  config: S3Config;
  /** Where the server keeps its objects: `<folder>/<bucket>/<key>._S3rver_object`. */
  folder: string;
  /** Kills the server; what it holds stays. */
  stop: () => Promise<void>;
  /** Starts it again on the same port. */
  start: () => Promise<void>;
  /** Kills it and removes what it holds. */
  close: () => Promise<void>;
}

/** An S3-speaking server in a process of its own, with one empty bucket. */
export async function startTestS3(): Promise<TestS3> {
  const folder = await mkdtemp(join(tmpdir(), 'gan-dashboard-s3-'));
  const first = await launch(folder, 0);
  const { port } = first;
  let { child } = first;
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return {
    config: {
      kind: 's3',
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      bucket,
      prefix: '',
      isPathStyle: true,
      credentials: { accessKeyId, secretAccessKey: 'S3RVER' },
      cacheBytes: 1024 ** 3,
    },
    folder,
    stop,
    start: async () => {
      ({ child } = await launch(folder, port));
    },
    close: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(folder: string, port: number): Promise<{ child: ChildProcess; port: number }> {
  const server = createRequire(import.meta.url).resolve('s3rver/bin/s3rver.js');
  const child = fork(
    server,
    ['--directory', folder, '--address', '127.0.0.1', '--port', String(port), '--configure-bucket', bucket],
    // Its tokens for further pages are made with DES, which OpenSSL 3 only has as a legacy.
    { execArgv: ['--openssl-legacy-provider'], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  );
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed = (printed + text).slice(-2_000);
    const listening = /listening on 127\.0\.0\.1:(\d+)/.exec(printed);
    if (listening) resolve(Number(listening[1]));
  });
  child.once('exit', (code) => reject(new Error(`the S3 server ended with code ${code}: ${printed}`)));
  return { child, port: await promise };
}
