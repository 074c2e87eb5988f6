/**
 * Which jobs may stand beside each other:
 * - `standard`: any number.
 * - `short`: one waiting job per `singletonKey`; another one may be at work. For "something changed, look again".
 * - `exclusive`: one job per `singletonKey`, waiting or at work.
 */
export type QueuePolicy = 'standard' | 'short' | 'exclusive';

/** A queue and the jobs that it carries; made by `defineQueue`, which gives `Data` to sender and worker alike. */
export interface QueueDefinition<Data extends object> {
  readonly name: string;
  readonly policy: QueuePolicy;
  /** How often a job that failed is tried again. */
  readonly retryLimit: number;
  /** Seconds before the first retry; doubled with each further one. */
  readonly retryDelay: number;
  /** A job that takes longer than this many seconds has failed. */
  readonly expireInSeconds: number;
  /** Carries the type of the data; never set. */
  readonly data?: Data;
}

/** A queue of jobs with this data; what is not named has the default that suits a short job. */
export function defineQueue<Data extends object>(
  name: string,
  options: Partial<Omit<QueueDefinition<Data>, 'name' | 'data'>> = {},
): QueueDefinition<Data> {
  return { name, policy: 'standard', retryLimit: 2, retryDelay: 1, expireInSeconds: 900, ...options };
}

/** A job in the hands of a worker. */
export interface Job<Data extends object> {
  readonly id: string;
  readonly data: Data;
  /** 0 for the first try. */
  readonly retryCount: number;
  /** Aborted when the job has taken too long, or the process ends: stop working, what is done does not count. */
  readonly signal: AbortSignal;
}
