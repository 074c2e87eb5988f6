/** Writes how far a piece of work is, one write at a time; what is overtaken while one is under way is left out. */
export class ProgressNotes {
  private latest: [phase: string, percent: number] | undefined;
  private writing: Promise<void> | undefined;
  private failure: Error | undefined;

  constructor(private readonly write: (phase: string, percent: number) => Promise<unknown>) {}

  add(phase: string, percent: number): void {
    this.latest = [phase, percent];
    this.writing ??= this.writeAll();
  }

  /** Resolves when the last one was written. @throws what a write threw */
  async written(): Promise<void> {
    await this.writing;
    if (this.failure) throw this.failure;
  }

  private async writeAll(): Promise<void> {
    try {
      while (this.latest) {
        const [phase, percent] = this.latest;
        this.latest = undefined;
        await this.write(phase, percent);
      }
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
    } finally {
      this.writing = undefined;
    }
  }
}
