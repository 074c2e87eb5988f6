/** An owner's write that came too late: another process has taken the run up since. What it says does not count. */
export class FencedError extends Error {
  override readonly name: string = 'FencedError';

  constructor(
    readonly runId: string,
    fences: { fence: number; current: number } | string,
  ) {
    super(
      typeof fences === 'string'
        ? fences
        : `run ${runId} was taken up again since (fence ${fences.current}, this writer has ${fences.fence})`,
    );
  }
}

/** There is no run to write to, so nobody can own it either. */
export class RunMissingError extends FencedError {
  override readonly name = 'RunMissingError';

  constructor(runId: string) {
    super(runId, `run ${runId} does not exist, or was deleted: its events cannot be written`);
  }
}
