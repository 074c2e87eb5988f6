import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, as text that fits into a cookie, a header and an address. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a secret of `newSecret`. It is random, so that a fast hash is enough (unlike a password). */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
