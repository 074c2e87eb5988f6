import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The bundle lies beside main.js; tests name it by GROUP_GUARD. */
function guardFile(): string {
  return process.env['GROUP_GUARD'] ?? fileURLToPath(new URL('./group-guard.js', import.meta.url));
}

/** Sees to it that no group of processes outlives this server, even one that is killed. */
export class GroupGuard {
  private child: ChildProcess | undefined;
  private readonly groups = new Set<number>();

  watch(leader: number): void {
    this.groups.add(leader);
    if (this.child?.connected === true) this.child.send({ watch: leader });
    else this.start();
  }

  forget(leader: number): void {
    if (this.groups.delete(leader) && this.child?.connected === true) this.child.send({ forget: leader });
  }

  private start(): void {
    const child = fork(guardFile(), [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env: {}, detached: true });
    this.child = child;
    // The server does not wait for it; it ends by itself when the server has gone.
    child.unref();
    child.channel?.unref();
    child.once('exit', () => {
      if (this.child === child && this.groups.size > 0) this.start();
    });
    for (const leader of this.groups) child.send({ watch: leader });
  }
}
