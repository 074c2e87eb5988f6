/** What whoever watches a training asks of it while it runs. It is heard between two steps. */
export class TrainingControl {
  private paused = false;
  private checkpointWanted = false;
  private wake: () => void = () => undefined;

  /** Wait after the current step, with everything kept in memory. */
  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.wake();
  }

  /** Save the state after the current step, or at once in a pause. */
  requestCheckpoint(): void {
    this.checkpointWanted = true;
    this.wake();
  }

  get isPaused(): boolean {
    return this.paused;
  }

  /** Whether a checkpoint was asked for since the last call. */
  takeCheckpointRequest(): boolean {
    const wanted = this.checkpointWanted;
    this.checkpointWanted = false;
    return wanted;
  }

  /** Resolves with the next request, or when the run is to end. */
  nextRequest(signal: AbortSignal): Promise<void> {
    if (signal.aborted || !this.paused || this.checkpointWanted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done);
        this.wake = () => undefined;
        resolve();
      };
      this.wake = done;
      signal.addEventListener('abort', done);
    });
  }
}
