// The engine's module: runs programs of instructions on as many threads as take part. Each thread has an instance of
// its own on one memory. Whichever thread is free takes the next task of an instruction; since a task computes the same
// whoever takes it, results do not depend on the number of threads.
import { classifierInput, classifierSlope, classifierTop } from './classifier';
import {
  criticActivate,
  criticGather,
  criticScatter,
  criticTop,
  criticTopGradient,
  featureMatch,
  penalty,
} from './critic';
import { draw } from './draw';
import { gemm } from './gemm';
import {
  columnSum,
  conditionScatter,
  normBackward,
  normForward,
  normInference,
  reluBackward,
  reluForward,
} from './generator';
import { headBackward, headForward } from './heads';
import { wait } from './host';
import { Control, Instruction, Operation } from './layout';
import { fillGumbel, fillNormal, fillZero } from './noise';
import { adam, average } from './optimiser';

export { philoxAt } from './random';

/** Looks this often before it sleeps: some 20 microseconds. */
const spins: i32 = 10000;

function execute(operation: i32, at: usize, task: i32, thread: i32): void {
  switch (operation) {
    case Operation.Gemm:
      return gemm(at, task, thread);
    case Operation.FillZero:
      return fillZero(at, task);
    case Operation.FillNormal:
      return fillNormal(at, task);
    case Operation.FillGumbel:
      return fillGumbel(at, task);
    case Operation.Draw:
      return draw(at, thread);
    case Operation.NormForward:
      return normForward(at, task);
    case Operation.NormInference:
      return normInference(at, task);
    case Operation.NormBackward:
      return normBackward(at, task);
    case Operation.ReluForward:
      return reluForward(at, task);
    case Operation.ReluBackward:
      return reluBackward(at, task);
    case Operation.HeadForward:
      return headForward(at, task, thread);
    case Operation.HeadBackward:
      return headBackward(at, task, thread);
    case Operation.ConditionScatter:
      return conditionScatter(at, task);
    case Operation.ColumnSum:
      return columnSum(at, task);
    case Operation.CriticGather:
      return criticGather(at, task);
    case Operation.CriticScatter:
      return criticScatter(at, task);
    case Operation.CriticActivate:
      return criticActivate(at, task, thread);
    case Operation.CriticTop:
      return criticTop(at, task, thread);
    case Operation.CriticTopGradient:
      return criticTopGradient(at, task);
    case Operation.Penalty:
      return penalty(at, task);
    case Operation.FeatureMatch:
      return featureMatch(at, task);
    case Operation.Adam:
      return adam(at, task);
    case Operation.Average:
      return average(at);
    case Operation.ClassifierInput:
      return classifierInput(at, task);
    case Operation.ClassifierTop:
      return classifierTop(at, task, thread);
    case Operation.ClassifierSlope:
      return classifierSlope(at, task);
    default:
      unreachable();
  }
}

/** Waits until the word at `address` is no longer `value`. @returns false: whoever watches gave up */
function waitWhile(address: usize, value: i32): bool {
  for (let i = 0; i < spins; i++) if (atomic.load<i32>(address) != value) return true;
  while (atomic.load<i32>(address) == value) if (wait(address, value)) return false;
  return true;
}

/** Until all have come (Hensgen et al. 1988: a counter, and a generation that the last to come moves on). */
function barrier(threads: i32): bool {
  const generation = atomic.load<i32>(Control.BarrierGeneration);
  if (atomic.add<i32>(Control.BarrierCount, 1) + 1 == threads) {
    atomic.store<i32>(Control.BarrierCount, 0);
    atomic.add<i32>(Control.BarrierGeneration, 1);
    atomic.notify(Control.BarrierGeneration, threads);
    return true;
  }
  return waitWhile(Control.BarrierGeneration, generation);
}

function takeTasks(instruction: usize, counter: usize, thread: i32): void {
  const tasks = load<i32>(instruction, 4);
  let task = atomic.add<i32>(counter, 1);
  while (task < tasks) {
    execute(load<i32>(instruction), instruction, task, thread);
    task = atomic.add<i32>(counter, 1);
  }
}

/** Runs the program that stands in the control words. @returns false: it was given up at a barrier */
export function run(thread: i32): bool {
  const threads = load<i32>(Control.ParticipantCount);
  const length = load<i32>(Control.ProgramLength);
  let instruction = <usize>load<i32>(Control.Program);
  let counter: usize = Control.Counters;
  for (let i = 0; i < length; i++) {
    if (load<i32>(instruction) == Operation.Barrier) {
      if (threads > 1 && !barrier(threads)) return false;
    } else {
      takeTasks(instruction, counter, thread);
    }
    instruction += Instruction.Bytes;
    counter += Instruction.Bytes;
  }
  return true;
}

/** A helping thread's life: runs each program that it takes part in, until told to quit. */
export function serve(thread: i32): void {
  let seen = atomic.load<i32>(Control.Launch);
  atomic.store<i32>(Control.Ready + (thread << 2), 1);
  while (waitWhile(Control.Launch, seen)) {
    seen = atomic.load<i32>(Control.Launch);
    if (atomic.load<i32>(Control.Quit)) return;
    // A thread that wakes late for a launch before its first may already find that it joined: that one is not meant.
    const joined = atomic.load<i32>(Control.Joined + (thread << 2));
    if (joined && seen >= joined && !run(thread)) return;
  }
}
