/** What the command is told to end with: the first signal asks it to, the second one does not wait. */
export class Interrupts {
  private readonly asked = new AbortController();
  private readonly forced = new AbortController();

  /** Aborts when the work is to end in order. */
  get stop(): AbortSignal {
    return this.asked.signal;
  }

  /** Aborts when nothing is to be waited for any more. */
  get kill(): AbortSignal {
    return this.forced.signal;
  }

  request(): void {
    if (this.asked.signal.aborted) this.forced.abort();
    else this.asked.abort();
  }

  /** Ends in order, whatever was asked before: nobody is there to insist. */
  requestOnce(): void {
    this.asked.abort();
  }

  listen(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.request());
    // Started by tools/cli.mjs: when that is killed, a training must not go on unseen.
    if (process.env['GAN_DASHBOARD_SUPERVISED'] === '1') {
      process.once('disconnect', () => this.requestOnce());
      // The listener alone would keep the process from ending when all is done.
      process.channel?.unref();
    }
    // Whoever read the messages has gone.
    process.stdout.on('error', () => this.requestOnce());
  }
}
