import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { BlockList } from 'node:net';
import { addressList } from '../../platform/configuration/auth-config';
import type { AuthConfig } from '../../platform/configuration/auth-config';
import { ProblemException } from '../../platform/http/problem';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
const loopbackName = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;
const probes = new Set(['/healthz', '/readyz']);

/** Where a request comes from: which address, which page, and by which name it found the server. */
export class RequestOrigin {
  private readonly proxies: BlockList;
  private readonly publicHost: string | undefined;

  constructor(private readonly auth: Pick<AuthConfig, 'mode' | 'publicUrl' | 'allowedHosts' | 'trustedProxies'>) {
    this.proxies = addressList(auth.trustedProxies);
    this.publicHost = auth.publicUrl === undefined ? undefined : new URL(auth.publicUrl).host;
  }

  /** Does it come straight from an address of `TRUSTED_PROXIES`? */
  isFromProxy(request: IncomingMessage): boolean {
    return this.isTrusted(request.socket.remoteAddress);
  }

  /** The client's address: the last one on the way that is not a trusted proxy. */
  clientAddress(request: IncomingMessage): string {
    const way = [...listOf(request.headers['x-forwarded-for'])];
    let address = plain(request.socket.remoteAddress);
    while (this.isTrusted(address)) {
      const next = way.pop();
      if (next === undefined) break;
      address = plain(next);
    }
    return address;
  }

  isHttps(request: IncomingMessage): boolean {
    if ('encrypted' in request.socket && request.socket.encrypted === true) return true;
    if (this.isFromProxy(request)) {
      const protocol = listOf(request.headers['x-forwarded-proto']).at(-1);
      if (protocol !== undefined) return protocol.toLowerCase() === 'https';
    }
    return this.auth.publicUrl?.startsWith('https:') ?? false;
  }

  /**
   * Refuses what another page makes a browser send: every method that changes something, and every WebSocket. Programs
   * that are no browsers name no origin and pass.
   *
   * @throws ProblemException 403
   */
  refuseOtherSites(request: IncomingMessage, isSocket = false): void {
    this.refuseRebinding(request);
    if (!isSocket && safeMethods.has(request.method ?? '')) return;
    const { origin } = request.headers;
    const site = request.headers['sec-fetch-site'];
    // A WebSocket of the page itself is `same-origin` too, but not all browsers say so.
    if (site === 'same-origin' || this.isOwn(origin, request)) return;
    if (origin === undefined && (site === undefined || site === 'none')) return;
    throw new ProblemException(
      403,
      `The request comes from another site (${origin ?? String(site)}), and this server is ${request.headers.host ?? ''}. ` +
        'Behind a proxy, pass the name on (proxy_set_header Host $http_host) or set PUBLIC_URL.',
    );
  }

  /** Is there a sign that the request was sent by our own page? A cookie alone is none. */
  isOwnPage(request: IncomingMessage): boolean {
    return request.headers['sec-fetch-site'] === 'same-origin' || this.isOwn(request.headers.origin, request);
  }

  /**
   * A page whose name was made to point at this machine counts as our own for the browser (DNS rebinding). It can only
   * talk to the port of this server, by its own name: without sign-on that name has to be one of ours.
   */
  private refuseRebinding(request: IncomingMessage): void {
    if (this.auth.mode !== 'none' || probes.has((request.url ?? '').split('?')[0] ?? '')) return;
    const { host } = request.headers;
    if (host === undefined || !isLoopback(request.socket.localAddress)) return;
    const [, name = '', port = '80'] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host.trim()) ?? [];
    if (Number(port) !== request.socket.localPort || loopbackName.test(name)) return;
    if (host === this.publicHost || this.auth.allowedHosts.includes(name.toLowerCase())) return;
    throw new ProblemException(
      403,
      `This server does not go by the name ${JSON.stringify(name)}. Use localhost, or add the name to ALLOWED_HOSTS.`,
    );
  }

  private isOwn(origin: string | undefined, request: IncomingMessage): boolean {
    if (origin === undefined || !URL.canParse(origin)) return false;
    const { host, protocol } = new URL(origin);
    // The same name without TLS may be anybody's between here and there.
    if (protocol === 'http:' && this.isHttps(request)) return false;
    // A page of another site cannot set X-Forwarded-Host without being asked for permission first.
    const ours = [request.headers.host, this.publicHost, ...listOf(request.headers['x-forwarded-host'])];
    return host !== '' && ours.includes(host);
  }

  private isTrusted(address: string | undefined): boolean {
    if (address === undefined) return false;
    const known = plain(address);
    const family = isIP(known);
    return family !== 0 && this.proxies.check(known, family === 6 ? 'ipv6' : 'ipv4');
  }
}

function listOf(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  return text.split(',').flatMap((part) => part.trim() || []);
}

/** An IPv4 address as such, also where a socket for both kinds shows it as IPv6. */
function plain(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
}

function isLoopback(address: string | undefined): boolean {
  const known = plain(address);
  return known === '::1' || known.startsWith('127.');
}
