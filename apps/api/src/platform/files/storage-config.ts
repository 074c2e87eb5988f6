import { readFileSync } from 'node:fs';
import { z } from 'zod';

export interface S3Config {
  readonly kind: 's3';
  /** Absent: Amazon's own for the region. */
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly bucket: string;
  /** Before every key: '' or 'gan-dashboard/'. */
  readonly prefix: string;
  /** `https://host/bucket/key` in place of `https://bucket.host/key`. */
  readonly isPathStyle: boolean;
  /** Absent: as the SDK finds them (`AWS_*`, role of the machine or of the pod). */
  readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } | undefined;
  /** Room for copies on this machine. */
  readonly cacheBytes: number;
}

export type StorageConfig = { readonly kind: 'local' } | S3Config;

export const s3Schema = z.object({
  S3_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be a URL such as https://s3.example.com' }).optional(),
  S3_REGION: z.string().min(1).default('us-east-1'),
  S3_BUCKET: z.string({ error: 'must name the bucket when STORAGE=s3' }).min(3),
  S3_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*\/?$/, 'must look like team/gan-dashboard')
    .optional(),
  S3_PATH_STYLE: z.stringbool().optional(),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_SESSION_TOKEN: z.string().optional(),
  S3_CACHE_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(20 * 1024 ** 3),
});

/** Their values never appear in a message. */
const secrets = ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'S3_SESSION_TOKEN'];

/**
 * Where files are kept, from environment variables: `STORAGE` and `S3_*`, of which the secret ones may be given as the
 * name of a file that holds them (`S3_SECRET_ACCESS_KEY_FILE`).
 */
export function readStorageConfig(environment: NodeJS.ProcessEnv): { storage: StorageConfig; mistakes: string[] } {
  const kind = environment['STORAGE'] || 'local';
  if (kind === 'local') return { storage: { kind }, mistakes: [] };
  if (kind !== 's3') {
    return { storage: { kind: 'local' }, mistakes: [`STORAGE=${JSON.stringify(kind)}: must be local or s3`] };
  }
  const mistakes: string[] = [];
  const given = Object.fromEntries(
    Object.keys(s3Schema.shape).map((name) => [name, valueOf(name, environment, mistakes)]),
  );
  const parsed = s3Schema.safeParse(given);
  if (!parsed.success) {
    mistakes.push(...parsed.error.issues.map((issue) => mistakeOf(issue.path.join('.'), given, issue.message)));
    return { storage: { kind: 'local' }, mistakes };
  }
  if ((parsed.data.S3_ACCESS_KEY_ID === undefined) !== (parsed.data.S3_SECRET_ACCESS_KEY === undefined)) {
    mistakes.push('S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY: give both, or neither to use the role of the machine');
  }
  return { storage: s3ConfigOf(parsed.data), mistakes };
}

function s3ConfigOf(values: z.infer<typeof s3Schema>): S3Config {
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = values;
  const token = values.S3_SESSION_TOKEN;
  const credentials =
    accessKeyId !== undefined && secretAccessKey !== undefined
      ? { accessKeyId, secretAccessKey, ...(token === undefined ? {} : { sessionToken: token }) }
      : undefined;
  return {
    kind: 's3',
    endpoint: values.S3_ENDPOINT,
    region: values.S3_REGION,
    bucket: values.S3_BUCKET,
    prefix: values.S3_PREFIX === undefined ? '' : `${values.S3_PREFIX.replace(/\/$/, '')}/`,
    isPathStyle: values.S3_PATH_STYLE ?? values.S3_ENDPOINT !== undefined,
    credentials,
    cacheBytes: values.S3_CACHE_BYTES,
  };
}

function valueOf(name: string, environment: NodeJS.ProcessEnv, mistakes: string[]): string | undefined {
  const path = environment[`${name}_FILE`];
  if (environment[name] || !path || !secrets.includes(name)) return environment[name] || undefined;
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch (error) {
    mistakes.push(`${name}_FILE=${JSON.stringify(path)}: cannot be read: ${(error as NodeJS.ErrnoException).code}`);
    return undefined;
  }
}

function mistakeOf(name: string, given: Record<string, string | undefined>, message: string): string {
  const value = secrets.includes(name) ? '(hidden)' : JSON.stringify(given[name] ?? '');
  return `${name}=${value}: ${message}`;
}
