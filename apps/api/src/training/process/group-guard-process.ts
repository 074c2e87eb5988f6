import { signalGroup } from './group-signals';

/**
 * A process beside the server that ends the programs which the server leaves behind when it is killed: it holds one end
 * of a pipe to the server, and no signal can take that news from it.
 */
const patienceMs = 5_000;
const groups = new Set<number>();

process.on('message', (message: { watch?: unknown; forget?: unknown }) => {
  if (isGroup(message.watch)) groups.add(message.watch);
  if (isGroup(message.forget)) groups.delete(message.forget);
});
// A Ctrl-C or a service manager's stop reaches this process as well: it ends after the server, never before.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.once('disconnect', () => {
  if (groups.size === 0) process.exit(0);
  for (const group of groups) {
    signalGroup(group, 'SIGTERM');
    signalGroup(group, 'SIGCONT');
  }
  setTimeout(() => {
    for (const group of groups) signalGroup(group, 'SIGKILL');
    process.exit(0);
  }, patienceMs);
});

/** 0 and 1 stand for other things than the group of a program. */
function isGroup(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 1;
}
