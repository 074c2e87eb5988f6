import { Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';

/**
 * In which project each run is that this process has heard events of. Whoever reads or writes events notes it before
 * they are published, so that no event is sent by what held before its run was moved.
 */
@Injectable()
export class RunProjects {
  readonly moved = new Subject<{ runId: string; projectId: string }>();
  private readonly projects = new Map<string, string>();

  of(runId: string): string | undefined {
    return this.projects.get(runId);
  }

  note(runId: string, projectId: string): void {
    const before = this.projects.get(runId);
    if (before === projectId) return;
    this.projects.set(runId, projectId);
    if (before !== undefined) this.moved.next({ runId, projectId });
  }
}
