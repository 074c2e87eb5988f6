import createFetchClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import { answerOf } from './answer.ts';
import type { components, paths } from './schema.ts';

export type ApiClient = Client<paths>;

export interface ClientOptions {
  /** Of the dashboard, with its base path: `https://gan.example.com/tools/gan`. */
  url: string;
  /** An API token; absent: the dashboard has no sign-on, or the page that runs this is signed on. */
  token?: string | undefined;
}

/** Every route of the API with the types of its parameters, bodies and answers. */
export function createClient({ url, token }: ClientOptions): ApiClient {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  return createFetchClient<paths>({ baseUrl: url.replace(/\/+$/, ''), headers });
}

/**
 * Sends a CSV file as a multipart form. Its `status` is `importing` until it has been read.
 *
 * @throws ApiError where the server refuses the file
 */
export async function uploadDataset(
  api: ApiClient,
  file: Blob,
  fileName: string,
): Promise<components['schemas']['Dataset']> {
  const form = new FormData();
  form.set('file', file, fileName);
  const result = await api.POST('/api/v1/datasets', { body: { file: fileName }, bodySerializer: () => form });
  return answerOf(result);
}
