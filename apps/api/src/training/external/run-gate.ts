import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';

/** Each one inside holds a connection and needs a second one to write: more would empty the pool for each other. */
const mostInside = 4;
/** Any number will do as long as no other two-part advisory lock of this database uses it. */
const lockClass = 724_901_532;

/** Lets one at a time take in events of an external run, over all processes of the server. */
@Injectable()
export class RunGate {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly dataSource: DataSource) {}

  async pass<Result>(runId: string, work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    await this.enter();
    try {
      return await this.dataSource.transaction(async (manager) => {
        await manager.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [lockClass, runId]);
        return work(manager);
      });
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.inside < mostInside) this.inside++;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private leave(): void {
    const next = this.waiting.shift();
    // The place goes to the next one; nobody may slip in between.
    if (next) next();
    else this.inside--;
  }
}
