import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../../tools/example-proxy.mjs', import.meta.url));

/** Where the dashboard is to be reached, and what the proxy does with that. */
export interface ProxyWish {
  /** '' or '/tools/gan'. */
  basePath: string;
  strips: boolean;
  /** Of the server behind. */
  port: number;
}

export interface RunningProxy {
  /** `https://localhost:…`, without the prefix. */
  origin: string;
  stop: () => Promise<void>;
}

/**
 * Runs the example of the documentation with TLS and HTTP/2, with its addresses and prefix changed to those of a test.
 *
 * @throws Error with the proxy's own words when it does not serve
 */
export async function startExample(kind: 'nginx' | 'haproxy', wish: ProxyWish): Promise<RunningProxy> {
  const proxy = spawn(process.execPath, [program, kind, JSON.stringify({ ...wish, protocol: 'h2' })]);
  const ended = once(proxy, 'exit');
  let words = '';
  proxy.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
  const first = await Promise.race([once(proxy.stdout.setEncoding('utf8'), 'data'), ended]);
  const [origin] = first as [unknown];
  if (typeof origin !== 'string') throw new Error(`${kind} is not started: ${words}`);
  const stop = async () => {
    proxy.stdin.end();
    await ended;
  };
  return { origin: origin.trim(), stop };
}
