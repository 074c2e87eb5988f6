export { ApiError, answerOf } from './answer.ts';
export { createClient, uploadDataset } from './client.ts';
export type { ApiClient, ClientOptions } from './client.ts';
export { readEvents } from './events.ts';
export type { Channel, EventMessage, EventOptions } from './events.ts';
export type { components, operations, paths } from './schema.ts';
