import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const tools = fileURLToPath(new URL('../../../../tools/', import.meta.url));

export type ProxyKind = 'nginx' | 'haproxy';

export interface ProxyWish {
  kind: ProxyKind;
  /** '' or '/tools/gan'. */
  basePath: string;
  /** The server behind gets the path without the prefix. */
  strips: boolean;
  /** HTTP/1.1 without TLS, HTTP/1.1 with it, HTTP/2. */
  protocol: 'http' | 'https' | 'h2';
}

/** Why the proxy can't be had on this machine; empty where it can. */
export async function whyNoProxy(kind: ProxyKind): Promise<string> {
  const finder = spawn(process.execPath, [`${tools}ensure-nginx.mjs`, kind], { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  finder.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
  const [code] = (await once(finder, 'close')) as [number | null];
  return code === 0 ? '' : words.trim() || `${kind} could not be looked for`;
}

/** A proxy with the configuration of the documentation in front of the server. */
export class ReverseProxy {
  private constructor(
    /** Of the dashboard behind it, with a slash at the end. */
    readonly url: string,
    readonly stop: () => Promise<void>,
  ) {}

  /**
   * @param target address of the server
   * @throws Error with the proxy's own words when it does not serve
   */
  static async to(target: string, { kind, ...wish }: ProxyWish): Promise<ReverseProxy> {
    const port = Number(new URL(target).port);
    const proxy = spawn(process.execPath, [`${tools}example-proxy.mjs`, kind, JSON.stringify({ ...wish, port })]);
    const ended = once(proxy, 'exit');
    let words = '';
    proxy.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
    const [origin] = (await Promise.race([once(proxy.stdout.setEncoding('utf8'), 'data'), ended])) as [unknown];
    if (typeof origin !== 'string') throw new Error(`${kind} is not started: ${words}`);
    return new ReverseProxy(`${origin.trim()}${wish.basePath}/`, async () => {
      proxy.stdin.end();
      await ended;
    });
  }
}
