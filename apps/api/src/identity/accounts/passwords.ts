import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { ProblemException } from '../../platform/http/problem';

const derive = promisify(argon2);

/** RFC 9106 and OWASP's password storage sheet: 64 MiB and 2 passes stand above their lower bounds. */
const parameters = { memory: 65_536, passes: 2, parallelism: 1 };
const tagLength = 32;
const saltLength = 16;
/** Each hash takes a core and 64 MiB for a while; more at a time would be a way to stop the server. */
const atATime = 2;
const mayWait = 50;

interface Parsed {
  memory: number;
  passes: number;
  parallelism: number;
  salt: Buffer;
  tag: Buffer;
}

/** Argon2id by Node's own crypto, kept in the usual form: `$argon2id$v=19$m=65536,t=2,p=1$salt$hash`. */
@Injectable()
export class Passwords {
  private working = 0;
  private readonly waiting: (() => void)[] = [];
  /** What a name that nobody has is checked against, so that its answer takes as long. */
  private readonly nobody = this.hash(randomBytes(16).toString('hex'));

  async hash(password: string): Promise<string> {
    const salt = randomBytes(saltLength);
    const tag = await this.derive(password, { ...parameters, salt }, tagLength);
    const { memory, passes, parallelism } = parameters;
    return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${encoded(salt)}$${encoded(tag)}`;
  }

  /** @param stored undefined for a name that nobody has: takes as long, and is false. */
  async matches(password: string, stored: string | undefined): Promise<boolean> {
    const { tag, ...settings } = parsed(stored ?? (await this.nobody));
    const given = await this.derive(password, settings, tag.length);
    return timingSafeEqual(given, tag) && stored !== undefined;
  }

  /** Was it hashed with other parameters than those of today? */
  isOutdated(stored: string): boolean {
    const { memory, passes, parallelism } = parsed(stored);
    return memory !== parameters.memory || passes !== parameters.passes || parallelism !== parameters.parallelism;
  }

  private async derive(password: string, { salt, ...settings }: Omit<Parsed, 'tag'>, length: number): Promise<Buffer> {
    await this.turn();
    try {
      // The same password, typed on another keyboard, may be made of other code points.
      const message = Buffer.from(password.normalize('NFKC'));
      return await derive('argon2id', { ...settings, message, nonce: salt, tagLength: length });
    } finally {
      this.working--;
      this.waiting.shift()?.();
    }
  }

  private async turn(): Promise<void> {
    if (this.waiting.length >= mayWait) throw new ProblemException(429, 'Too many people sign in at once. Try again.');
    if (this.working >= atATime) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.working++;
  }
}

function encoded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

function parsed(stored: string): Parsed {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(stored);
  if (!match) throw new Error('a stored password is not in the form of argon2id');
  const [, memory, passes, parallelism, salt = '', tag = ''] = match;
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}
