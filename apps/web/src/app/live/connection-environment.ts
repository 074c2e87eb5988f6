/** The part of EventSource that is used, so that a test can stand in for it. */
export type EventSourceLike = Pick<EventSource, 'onopen' | 'onmessage' | 'onerror' | 'close'>;

/** What a connection needs of the page or worker that it runs in. */
export interface ConnectionEnvironment {
  openEventSource(url: string): EventSourceLike;
  /** The JSON of an answer. Rejects for an error status, no answer within `timeoutMs`, or another body. */
  getJson(url: string, timeoutMs: number): Promise<unknown>;
  isOnline(): boolean;
  /** In [0, 1). */
  random(): number;
}

/** Works in pages and in workers. */
export const browserEnvironment: ConnectionEnvironment = {
  openEventSource: (url) => new EventSource(url),
  getJson: async (url, timeoutMs) => {
    const response = await fetch(url, {
      headers: { Accept: 'application/json' },
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return (await response.json()) as unknown;
  },
  isOnline: () => navigator.onLine,
  random: () => Math.random(),
};
