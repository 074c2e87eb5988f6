import createFetchClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import type { paths } from './schema.ts';

export type { components, operations, paths } from './schema.ts';

export interface ClientOptions {
  /** Of the dashboard, with its base path: `https://gan.example.com/tools/gan`. */
  url: string;
  /** An API token; absent: the dashboard has no sign-on, or the page that runs this is signed on. */
  token?: string;
}

/** Every route of the API with the types of its parameters, bodies and answers. */
export function createClient({ url, token }: ClientOptions): Client<paths> {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  return createFetchClient<paths>({ baseUrl: url.replace(/\/+$/, ''), headers });
}
