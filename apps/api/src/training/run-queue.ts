import { Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';

/** Where runs wait for a place. */
@Injectable()
export class RunQueue {
  readonly changed = new Subject<void>();

  /** To be called once the run's row says `queued`. */
  enqueue(_runId: string): Promise<void> {
    this.changed.next();
    return Promise.resolve();
  }
}
