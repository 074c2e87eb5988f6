import type { S3Config } from './storage-config';
import { StorageError } from './file-store';

interface ServiceError {
  name: string;
  message: string;
  $metadata?: { httpStatusCode?: number };
}

/** Whether the store answered that there is no such file. */
export function isMissing(error: unknown): boolean {
  return statusOf(error) === 404 && ['NoSuchKey', 'NotFound'].includes((error as ServiceError).name);
}

export function statusOf(error: unknown): number | undefined {
  return error instanceof Error ? (error as ServiceError).$metadata?.httpStatusCode : undefined;
}

/**
 * An error of the SDK in words. Only its name and status are taken over: its other fields can hold the access key and
 * what was signed.
 */
export function s3Error(error: unknown, config: S3Config, doing: string): StorageError {
  if (error instanceof StorageError) return error;
  return new StorageError(`${doing} failed: ${reasonOf(error, config)}`);
}

function reasonOf(error: unknown, { bucket, endpoint, region }: S3Config): string {
  const place = `the bucket ${JSON.stringify(bucket)} at ${withoutUser(endpoint) ?? `Amazon S3 in ${region}`}`;
  if (!(error instanceof Error)) return `${place} could not be used`;
  const { name } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : name;
  if (name === 'NoSuchBucket' || (name === 'NotFound' && statusOf(error) === 404)) {
    return `${place} does not exist: create it, or correct S3_BUCKET`;
  }
  if (['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'].includes(name)) {
    return `${place} lies in another region than ${region}: correct S3_REGION or S3_ENDPOINT`;
  }
  if (['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'ExpiredToken', 'InvalidToken'].includes(name)) {
    return `${place} does not know these credentials (${name}): correct S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY`;
  }
  if (name === 'CredentialsProviderError') {
    return `there are no credentials for ${place}: set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, or give the machine a role`;
  }
  if (name === 'AccessDenied' || statusOf(error) === 403) {
    return `${place} refuses this to these credentials (${name}): they need to read, write, list and delete in it`;
  }
  if (['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'TimeoutError', 'ECONNRESET', 'EPIPE'].includes(code)) {
    return `${place} cannot be reached (${code}): correct S3_ENDPOINT, or wait until it is back`;
  }
  if (code === 'ENOSPC') return 'the disk of this machine is full: free some space, or lower S3_CACHE_BYTES';
  const status = statusOf(error);
  return `${place} answered with ${code}${status === undefined ? '' : ` (${status})`}`;
}

/** An endpoint may carry a user and a password. */
function withoutUser(endpoint: string | undefined): string | undefined {
  if (endpoint === undefined) return undefined;
  const url = new URL(endpoint);
  return `${url.protocol}//${url.host}`;
}
