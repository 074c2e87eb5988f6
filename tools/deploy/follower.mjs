import { request } from 'node:http';

/**
 * A tab that follows one run: an event stream that comes back by itself with its cursor, as an EventSource does, and
 * takes note of all that an EventSource hides.
 */
export class Follower {
  /** `seq` of the last event of the run. */
  last = 0;
  connections = 0;
  /** Events that came although they had come before: allowed on the wire. */
  repeated = 0;
  /** What must not be: gaps, answers other than 200. */
  faults = [];

  #cursor;
  #retryMs = 2_000;
  #request;
  #timer;
  #isClosed = false;
  #waiting = [];

  /** @param {{ url: string, headers?: object, agent?: object, cursor?: string, onMessage?: (message: object) => void }} options */
  constructor({ url, headers = {}, agent, cursor, onMessage = () => undefined }) {
    Object.assign(this, { url, headers, agent, onMessage });
    this.#cursor = cursor;
    // Whoever begins with what happens now does not know where the run stands.
    if (cursor === undefined) this.last = undefined;
    this.#connect();
  }

  /** Resolves as soon as the condition holds, which is looked at after each event. */
  async until(condition) {
    while (!condition(this)) {
      if (this.faults.length > 0) throw new Error(this.faults.join('; '));
      await new Promise((resolve) => this.#waiting.push(resolve));
    }
  }

  close() {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#request.destroy();
  }

  #connect() {
    this.connections += 1;
    const headers = { accept: 'text/event-stream', ...this.headers };
    if (this.#cursor !== undefined) headers['last-event-id'] = this.#cursor;
    this.#request = request(this.url, { headers, ...(this.agent && { agent: this.agent }) }, (response) => {
      if (response.statusCode !== 200) this.#fault(`status ${response.statusCode}`);
      this.#read(response);
    });
    this.#request.on('error', () => this.#again());
    this.#request.end();
  }

  #again() {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), this.#retryMs);
  }

  #read(response) {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk) => {
      text += chunk;
      let from = 0;
      for (let to = text.indexOf('\n\n'); to >= 0; to = text.indexOf('\n\n', from)) {
        this.#frame(text.slice(from, to));
        from = to + 2;
      }
      text = text.slice(from);
      for (const resolve of this.#waiting.splice(0)) resolve();
    });
    response.on('error', () => undefined);
    response.on('close', () => this.#again());
  }

  #frame(frame) {
    let cursor;
    for (const line of frame.split('\n')) {
      if (line.startsWith('data: ')) this.#message(JSON.parse(line.slice(6)));
      else if (line.startsWith('id: ')) cursor = line.slice(4);
      else if (line.startsWith('retry: ')) this.#retryMs = Number(line.slice(7));
    }
    if (cursor !== undefined) this.#cursor = cursor;
  }

  #message(message) {
    if (message.type === 'replay_gap') this.#fault('replay_gap');
    const { seq } = message;
    if (seq === undefined) return;
    if (this.last !== undefined && seq <= this.last) {
      this.repeated += 1;
      return;
    }
    if (this.last !== undefined && seq !== this.last + 1) this.#fault(`event ${seq} after ${this.last}`);
    this.last = seq;
    this.onMessage(message);
  }

  #fault(text) {
    this.faults.push(text);
  }
}
