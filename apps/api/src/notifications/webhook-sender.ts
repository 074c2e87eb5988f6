import { lookup } from 'node:dns/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { isPrivateAddress } from './private-addresses';

const timeoutMs = 10_000;

export interface WebhookPost {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Posts to addresses that users have named, and to none inside the company that no administrator has allowed. */
@Injectable()
export class WebhookSender {
  constructor(@Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'notifications'>) {}

  /**
   * Redirects are not followed: they could lead to where the first address may not.
   *
   * @throws Error that says why in words that its owner may read
   */
  async post({ url, body, headers }: WebhookPost): Promise<void> {
    const target = new URL(url);
    const { address, family } = await this.addressOf(target);
    const status = await new Promise<number>((resolve, reject) => {
      const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
      const request = send(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
        // The address that was checked is the one that is called, whatever the name resolves to by now.
        lookup: (_name, options, done) => {
          if (options.all) done(null, [{ address, family }]);
          else done(null, address, family);
        },
        signal: AbortSignal.timeout(timeoutMs),
      });
      request.on('response', (response) => {
        response.destroy();
        resolve(response.statusCode ?? 0);
      });
      request.on('error', reject);
      request.end(body);
    });
    if (status < 200 || status > 299) throw new Error(`${target.host} answered with status ${status}`);
  }

  private async addressOf({ hostname }: URL): Promise<{ address: string; family: number }> {
    const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
    const family = isIP(host);
    const [found] = family === 0 ? await lookup(host, { all: true }) : [{ address: host, family }];
    if (!found) throw new Error(`${host} has no address`);
    const { allowedPrivateHosts } = this.config.notifications;
    if (isPrivateAddress(found.address) && !allowedPrivateHosts.includes(host)) {
      throw new Error(
        `${host} is a private address, which webhooks may not go to. An administrator can allow it: ` +
          'WEBHOOK_ALLOWED_PRIVATE_HOSTS.',
      );
    }
    return found;
  }
}
