import { createHmac, randomBytes } from 'node:crypto';

/** A secret of 256 bits for one webhook. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64url')}`;
}

/**
 * Headers by which a receiver sees that a body is ours and new: HMAC-SHA256 of `<timestamp>.<body>` in hex.
 *
 * @param at when it is sent; receivers refuse what is older than a few minutes
 */
export function signatureHeaders(secret: string, body: string, at: Date): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { 'x-gan-dashboard-timestamp': timestamp, 'x-gan-dashboard-signature': `v1=${signature}` };
}
