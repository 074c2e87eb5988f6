/** What the server has to be told of a run, and what it has answered. */
export interface SpoolState {
  url: string;
  request: Record<string, unknown>;
  runId: string | null;
}

/** The events of one run that the server has not taken yet, in order, as lines of JSON. */
export interface Spool {
  /** Names the sender to the server, which then knows each event by its number. */
  readonly clientId: string;
  readonly state: Readonly<SpoolState>;
  readonly hasUnsent: boolean;
  append(line: string): void;
  /** The next lines to send, each with its line end; empty when there are none. */
  nextBatch(): string;
  /** The last batch has arrived. */
  batchArrived(): void;
  made(runId: string): void;
  /** @param isDone nothing of it is needed any more */
  close(isDone: boolean): void;
}

export const batchLimits = { lines: 500, bytes: 1_000_000 };

/** A spool that goes with the page or the process: for browsers, and where no file can be written. */
export class MemorySpool implements Spool {
  readonly clientId: string;
  state: SpoolState;
  private readonly limit: number;
  private readonly lines: string[] = [];
  private batch = 0;

  /** @param limit events that are kept; later ones are refused until some were sent */
  constructor(
    url: string,
    request: Record<string, unknown>,
    { clientId = globalThis.crypto.randomUUID(), limit = 50_000 }: { clientId?: string; limit?: number } = {},
  ) {
    this.clientId = clientId;
    this.limit = limit;
    this.state = { url, request, runId: null };
  }

  get hasUnsent(): boolean {
    return this.lines.length > 0;
  }

  append(line: string): void {
    if (this.lines.length >= this.limit) {
      throw new Error(`${this.limit} events wait for the server already, more are not kept`);
    }
    this.lines.push(line);
  }

  nextBatch(): string {
    let bytes = 0;
    const fits = this.lines
      .slice(0, batchLimits.lines)
      .findIndex((line) => (bytes += line.length + 1) > batchLimits.bytes);
    this.batch = fits === -1 ? Math.min(this.lines.length, batchLimits.lines) : Math.max(1, fits);
    return this.lines
      .slice(0, this.batch)
      .map((line) => `${line}\n`)
      .join('');
  }

  batchArrived(): void {
    this.lines.splice(0, this.batch);
    this.batch = 0;
  }

  made(runId: string): void {
    this.state = { ...this.state, runId };
  }

  close(): void {
    this.lines.length = 0;
  }
}
