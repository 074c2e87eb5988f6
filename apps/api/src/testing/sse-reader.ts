import type { EventMessage } from '@gan-dashboard/shared-types';

export interface ReceivedFrame {
  id: string | undefined;
  message: EventMessage | undefined;
}

/** Reads an event stream frame by frame, with its ids, as an EventSource would but without hiding anything. */
export class SseReader {
  readonly frames: ReceivedFrame[] = [];
  readonly headers: Headers;
  lastEventId: string | undefined;
  isEnded = false;
  private text = '';
  private waiting: (() => void)[] = [];

  private constructor(
    readonly response: Response,
    private readonly controller: AbortController,
  ) {
    this.headers = response.headers;
    void this.read();
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<SseReader> {
    const controller = new AbortController();
    const response = await fetch(url, {
      headers: { accept: 'text/event-stream', ...headers },
      signal: controller.signal,
    });
    return new SseReader(response, controller);
  }

  get messages(): EventMessage[] {
    return this.frames.flatMap(({ message }) => (message ? [message] : []));
  }

  /** Places of the run messages that arrived, heartbeats and statuses left out. */
  get seqs(): number[] {
    return this.messages.flatMap((message) => ('seq' in message ? [message.seq] : []));
  }

  /** Resolves as soon as the condition holds; rejects when the stream ends before. */
  async until(condition: (reader: SseReader) => boolean): Promise<void> {
    while (!condition(this)) {
      if (this.isEnded) throw new Error(`the stream ended after ${JSON.stringify(this.frames)}`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  close(): void {
    this.controller.abort();
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.response.body ?? []) {
        this.text += decoder.decode(chunk as Uint8Array, { stream: true });
        this.parse();
        this.wake();
      }
    } catch {
      // Closed by the test or cut by the server: both end the stream.
    }
    this.isEnded = true;
    this.wake();
  }

  private parse(): void {
    const blocks = this.text.split('\n\n');
    this.text = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split('\n');
      const id = lines.find((line) => line.startsWith('id: '))?.slice(4);
      const data = lines.find((line) => line.startsWith('data: '))?.slice(6);
      if (id !== undefined) this.lastEventId = id;
      if (id === undefined && data === undefined) continue;
      this.frames.push({ id, message: data === undefined ? undefined : (JSON.parse(data) as EventMessage) });
    }
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
