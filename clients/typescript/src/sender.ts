import type { Spool } from './spool.ts';

const requestMs = 10_000;
const gatherMs = 100;
const firstRetryMs = 200;
const longestRetryMs = 15_000;

/** The server cannot be reached, or not now: it is tried again. */
class Away extends Error {}

/** The server refuses the run or its events for good. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

export interface SenderOptions {
  /** The events were kept by a process that is gone: they do not wake an interrupted run. */
  isReplay: boolean;
  heartbeatMs: number;
  onStopAsked: () => void;
  onProblem: (message: string) => void;
}

interface Answer {
  rejected?: { line: number; message: string }[];
  control?: string;
}

/** Sends the events of a spool in order, for as long as it takes. Its timers do not keep a process alive. */
export class Sender {
  readonly done: Promise<void>;
  failure: unknown;
  private readonly spool: Spool;
  private readonly options: SenderOptions;
  private isClosing = false;
  /** The server is away: what is logged does not wake it up. */
  private isResting = false;
  private wake: (() => void) | undefined;

  constructor(spool: Spool, options: SenderOptions) {
    this.spool = spool;
    this.options = options;
    this.done = this.work();
  }

  /** There is something to send. */
  notify(): void {
    if (!this.isResting) this.wake?.();
  }

  /** Sends what is left. @returns whether all has arrived within the time */
  async close(withinMs: number): Promise<boolean> {
    this.isClosing = true;
    this.wake?.();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
    await Promise.race([this.done, late]);
    clearTimeout(timer);
    return this.failure === undefined && !this.spool.hasUnsent && this.spool.state.runId !== null;
  }

  private async work(): Promise<void> {
    let pause = firstRetryMs;
    while (this.hasWork()) {
      try {
        await this.sendOnce();
        pause = firstRetryMs;
      } catch (error) {
        if (!(error instanceof Away)) {
          this.failure = error;
          this.options.onProblem(`nothing more is reported: ${error instanceof Error ? error.message : String(error)}`);
          return;
        }
        this.isResting = true;
        await this.sleep(this.isClosing ? firstRetryMs : pause);
        this.isResting = false;
        pause = Math.min(longestRetryMs, pause * 2);
      }
    }
  }

  private hasWork(): boolean {
    const isOpen = !this.isClosing && !this.options.isReplay;
    return isOpen || this.spool.hasUnsent || this.spool.state.runId === null;
  }

  private async sendOnce(): Promise<void> {
    const { url, request, runId } = this.spool.state;
    if (runId === null) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': this.spool.clientId };
      const run = (await post(`${url}/api/v1/runs`, JSON.stringify(request), headers)) as { id: string };
      this.spool.made(run.id);
      return;
    }
    if (!this.spool.hasUnsent) {
      const wasWoken = await this.sleep(this.options.heartbeatMs);
      // A moment for more to come, so that they travel together.
      if (wasWoken && !this.isClosing) await this.sleep(gatherMs);
      if (!wasWoken) await this.report(runId, '{"type":"heartbeat"}\n', '');
      return;
    }
    const replay = this.options.isReplay ? '&replay=true' : '';
    await this.report(runId, this.spool.nextBatch(), `?client_id=${this.spool.clientId}${replay}`);
    this.spool.batchArrived();
  }

  private async report(runId: string, lines: string, query: string): Promise<void> {
    const address = `${this.spool.state.url}/api/v1/runs/${runId}/events${query}`;
    const answer = (await post(address, lines, { 'content-type': 'application/x-ndjson' })) as Answer;
    for (const { message } of answer.rejected ?? []) this.options.onProblem(`not taken by the dashboard: ${message}`);
    if (answer.control === 'stop') this.options.onStopAsked();
  }

  /** @returns true when it was woken before the time was over */
  private sleep(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer: unknown = setTimeout(() => finish(false), ms);
      const finish = (wasWoken: boolean) => {
        clearTimeout(timer as ReturnType<typeof setTimeout>);
        this.wake = undefined;
        resolve(wasWoken);
      };
      this.wake = () => finish(true);
      // Node's timers are objects; a browser's are numbers, and hold nothing open.
      if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref: () => void }).unref();
    });
  }
}

/** @throws Away when it is worth trying again @throws RefusedError when it is not */
async function post(url: string, body: string, headers: Record<string, string>): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, { method: 'POST', body, headers, signal: AbortSignal.timeout(requestMs) });
  } catch (error) {
    throw new Away(String(error));
  }
  const text = await response.text().catch(() => '');
  // 409: the same request is still at work; 408, 425, 429: not now.
  const isBusy = response.status === 409 && text.includes('Idempotency-Key');
  if (response.status >= 500 || [408, 425, 429].includes(response.status) || isBusy) {
    throw new Away(`the server answered ${response.status}`);
  }
  if (!response.ok) throw new RefusedError(`the server answered ${response.status}: ${text.slice(0, 500)}`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Away(`the server's answer was cut off: ${String(error)}`);
  }
}
