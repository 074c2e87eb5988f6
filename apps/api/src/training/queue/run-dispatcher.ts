import { Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { WorkerRegistry } from '../../workers/worker-registry';
import { RunLauncher } from '../run-launcher';
import type { RunClaim } from '../runs.repository';
import { RunQueue } from './run-queue';

/** The doorbell tells of a queued run at once; one whose ring was lost waits this long. */
const pollMs = 2_000;

/** Takes runs from the queue as long as this process has a free slot; a web process has none. */
@Injectable()
export class RunDispatcher implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(RunDispatcher.name);
  private readonly taken = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private stopListening: () => void = () => undefined;
  private looking: Promise<void> | undefined;
  private isAskedAgain = false;
  private isDraining = false;

  constructor(
    private readonly queue: RunQueue,
    private readonly launcher: RunLauncher,
    private readonly worker: WorkerRegistry,
  ) {}

  onApplicationBootstrap(): void {
    if (this.worker.slots === 0) return;
    this.stopListening = this.queue.onQueued(() => this.look());
    this.timer = setInterval(() => this.look(), pollMs);
    this.timer.unref();
    this.look();
  }

  /** No run is claimed after this; the launcher hands over those that are at work. */
  async onModuleDestroy(): Promise<void> {
    this.isDraining = true;
    this.stopListening();
    clearInterval(this.timer);
    await this.looking;
  }

  private get hasRoom(): boolean {
    return !this.isDraining && this.taken.size < this.worker.slots;
  }

  /** One look at a time; what happens meanwhile is seen by another one. */
  private look(): void {
    if (this.looking) {
      this.isAskedAgain = true;
      return;
    }
    if (!this.hasRoom) return;
    this.looking = this.fill()
      .catch((error: unknown) => this.logger.warn(`no run was taken from the queue: ${String(error)}`))
      .finally(() => {
        this.looking = undefined;
        if (!this.isAskedAgain) return;
        this.isAskedAgain = false;
        this.look();
      });
  }

  private async fill(): Promise<void> {
    while (this.hasRoom) {
      const claim = await this.queue.take();
      if (!claim) return;
      this.taken.add(claim.run.id);
      this.start(claim);
    }
  }

  private start(claim: RunClaim): void {
    const { id } = claim.run;
    const end = () => {
      if (!this.taken.delete(id)) return;
      this.queue.letGo(id);
      this.look();
    };
    this.launcher.launch(claim, end).catch((error: unknown) => {
      this.logger.error(`run ${id} was not started: ${String(error)}`);
      end();
    });
  }
}
