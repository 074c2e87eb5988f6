import { readFileSync, readdirSync } from 'node:fs';
import { processes } from 'systeminformation';

/** What the processes of a run use; a value that could not be measured is absent. */
export interface TreeUsage {
  /** 100 is one core all the time; several cores make more. */
  cpuPercent?: number;
  /** Resident memory together; pages that several of the processes share count for each. */
  memoryBytes: number;
}

/** USER_HZ: the unit of times in /proc, the same on every architecture that Node runs on. */
const ticksPerSecond = 100;

/** Measures a process together with all that it has started. */
export class ProcessTree {
  private last: { at: number; cpuSeconds: ReadonlyMap<string, number> } | undefined;

  constructor(private readonly pid: number) {}

  /**
   * What the processes use now; the share of the processor is that since the last measurement.
   *
   * @returns undefined when the process has gone
   */
  measure(): Promise<TreeUsage | undefined> {
    return process.platform === 'linux' ? Promise.resolve(this.measureLinux()) : measurePortable(this.pid);
  }

  private measureLinux(): TreeUsage | undefined {
    const at = performance.now();
    const { cpuSeconds, memoryBytes } = readTree(this.pid);
    if (cpuSeconds.size === 0) return undefined;
    const { last } = this;
    this.last = { at, cpuSeconds };
    if (!last) return { memoryBytes };
    let used = 0;
    // A process that was not there before has used all its time since.
    for (const [key, seconds] of cpuSeconds) used += seconds - (last.cpuSeconds.get(key) ?? 0);
    return { memoryBytes, cpuPercent: (used / ((at - last.at) / 1_000)) * 100 };
  }
}

interface Tree {
  /** Processor time of the processes that live, in seconds; a process is known by its number and start. */
  cpuSeconds: Map<string, number>;
  memoryBytes: number;
}

function readTree(root: number): Tree {
  const tree: Tree = { cpuSeconds: new Map(), memoryBytes: 0 };
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    if (addProcess(tree, pid)) waiting.push(...childrenOf(pid));
  }
  return tree;
}

function addProcess(tree: Tree, pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`);
  // The name of the program is in parentheses and may hold anything; the fields behind it count from the third.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (!fields) return false;
  const [userTicks, systemTicks, startTicks] = [fields[11], fields[12], fields[19]];
  tree.cpuSeconds.set(`${pid} ${startTicks}`, (Number(userTicks) + Number(systemTicks)) / ticksPerSecond);
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  tree.memoryBytes += Number(resident ?? 0) * 1_024;
  return true;
}

/** The kernel lists children by the thread that has started them. */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      (read(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    // The process has gone between two looks.
    return [];
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has gone between two looks, or belongs to somebody else.
    return undefined;
  }
}

/** Where there is no /proc: a list of all processes, which is costly there. */
async function measurePortable(root: number): Promise<TreeUsage | undefined> {
  const { list } = await processes();
  if (!list.some(({ pid }) => pid === root)) return undefined;
  const tree = new Set([root]);
  // A child may stand before its parent in the list: go on until nothing is added.
  for (let size = 0; size !== tree.size;) {
    size = tree.size;
    for (const { pid, parentPid } of list) if (tree.has(parentPid)) tree.add(pid);
  }
  const members = list.filter(({ pid }) => tree.has(pid));
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return {
    cpuPercent: sum(members.map(({ cpu }) => cpu)),
    memoryBytes: sum(members.map(({ memRss }) => memRss)) * 1_024,
  };
}
