import type { LinkOptions, LiveLink } from './live-link';
import type { LiveCommand } from './live-report';
import type { HostMessage, PageMessage, PortLike } from './worker-protocol';

const startWithinMs = 2_000;
/** The worker pings every 15 s; a page that hears nothing for longer asks, and asks in vain where the worker crashed. */
const askAfterMs = 40_000;
const watchEveryMs = 10_000;
const lostAfterAsking = 2;

/** The part of SharedWorker that is used. */
export type SharedWorkerLike = Pick<SharedWorker, 'onerror'> & { port: PortLike };
export type StartWorker = () => SharedWorkerLike;

/** Starts the worker's script, or joins the one that runs. @throws Error where there are no shared workers. */
export const startSharedWorker: StartWorker = () => {
  if (typeof SharedWorker === 'undefined') throw new Error('This browser has no shared workers.');
  return new SharedWorker(new URL('./live.worker', import.meta.url), { type: 'module', name: 'gan-dashboard-live' });
};

/** Joins the shared worker. Rejects where there is none, or when it does not answer within two seconds. */
export async function openWorkerLink(options: LinkOptions, startWorker: StartWorker): Promise<LiveLink> {
  const worker = startWorker();
  const link = new WorkerLink(worker.port, options);
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('The shared worker does not answer.')), startWithinMs);
      worker.onerror = () => {
        clearTimeout(timer);
        reject(new Error('The shared worker could not be started.'));
      };
      link.join(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    return link;
  } catch (error) {
    link.close();
    throw error;
  }
}

class WorkerLink implements LiveLink {
  private heardAt = Date.now();
  private asked = 0;
  private welcomed: () => void = () => undefined;
  private readonly watchdog: ReturnType<typeof setInterval>;

  constructor(
    private readonly port: PortLike,
    private readonly options: LinkOptions,
  ) {
    port.onmessage = (event: MessageEvent<HostMessage>) => this.receive(event.data);
    this.watchdog = setInterval(() => this.watch(), watchEveryMs);
  }

  join(welcomed?: () => void): void {
    this.heardAt = Date.now();
    if (welcomed) this.welcomed = welcomed;
    this.say({ kind: 'join', baseUrl: this.options.baseUrl, isVisible: this.options.isVisible() });
  }

  send(command: LiveCommand): void {
    this.say(command);
  }

  close(): void {
    clearInterval(this.watchdog);
    this.say({ kind: 'leave' });
    this.port.onmessage = null;
    this.port.close();
  }

  private watch(): void {
    if (Date.now() - this.heardAt <= askAfterMs) return;
    if (this.asked >= lostAfterAsking)
      return this.options.lost(new Error('The shared worker does not answer any more.'));
    this.asked += 1;
    this.join();
  }

  private receive(message: HostMessage): void {
    this.heardAt = Date.now();
    this.asked = 0;
    switch (message.kind) {
      case 'welcome':
        this.welcomed();
        this.options.report({ kind: 'welcome', health: message.health });
        return this.tellSharing(message.tabs);
      case 'tabs':
        return this.tellSharing(message.tabs);
      case 'ping':
        return this.say({ kind: 'pong' });
      case 'rejoin':
        return this.join();
      case 'health':
      case 'heard':
      case 'replay_gap':
        return this.options.report(message);
    }
  }

  private tellSharing(tabs: number): void {
    this.options.report({ kind: 'sharing', sharing: { kind: 'worker', tabs } });
  }

  private say(message: PageMessage): void {
    this.port.postMessage(message);
  }
}
