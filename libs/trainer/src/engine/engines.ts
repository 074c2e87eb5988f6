import type { Engine, GanEngine } from './engine';
import type { TensorflowEngine } from './tensorflow-engine';

export interface EngineSurroundings {
  /** Told which engine computes, and why a faster one does not. */
  log: (line: string) => void;
  clock: { now(): number };
  /** Cores that a model may compute on. */
  cores: number;
  /** Numbers that the fused engine computes at once, with no change of the result; absent: it finds out. */
  lanes?: 4 | 8;
}

/** More threads than this wait for each other more than they help on layers of some hundred units. */
const mostThreads = 8;

/**
 * The engines of this process, each started when it is first needed. GANs are computed by the fused engine, by
 * TensorFlow.js where that cannot run; everything else by TensorFlow.js. A state goes on with the engine that made it.
 */
export function openEngines(around: EngineSurroundings): Engine {
  const tensorflow = once(() => startTensorflow(around));
  const fused = once(() => startFused(around));
  return {
    gan: async (_plan, madeBy) => {
      if (madeBy?.startsWith(tensorflowName)) return (await tensorflow()).gan;
      const engine = await fused();
      if (!(engine instanceof Error)) return engine;
      if (madeBy) {
        throw new Error(`The checkpoint was made by "${madeBy}", which cannot run here: ${engine.message}.`, {
          cause: engine,
        });
      }
      return (await tensorflow()).gan;
    },
    tvae: async () => (await tensorflow()).tvae,
    wganGp: async () => (await tensorflow()).wganGp,
    doppelganger: async () => (await tensorflow()).doppelganger,
    quantgan: async () => (await tensorflow()).quantgan,
  };
}

const tensorflowName = 'tensorflow.js';

async function startTensorflow({ log }: EngineSurroundings): Promise<TensorflowEngine> {
  const engine = await (await import('./tensorflow-engine')).startTensorflow();
  log(`Engine: ${engine.name}`);
  for (const reason of engine.fallbacks) log(`A faster backend was passed over: ${reason}`);
  return engine;
}

/** The fused engine, or why it cannot run here. */
async function startFused({ log, clock, cores, lanes }: EngineSurroundings): Promise<GanEngine | Error> {
  const { FusedGanEngine } = await import('./fused');
  try {
    const threads = Math.max(1, Math.min(mostThreads, cores));
    const onFallback = (reason: string) => log(`The engine goes on more slowly: ${reason}`);
    const engine = new FusedGanEngine({ threads, clock, onFallback, ...(lanes && { lanes }) });
    log(`Engine: ${engine.name}`);
    return engine;
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    log(`The fused engine was passed over: ${reason.message}`);
    return reason;
  }
}

function once<Value>(start: () => Promise<Value>): () => Promise<Value> {
  let started: Promise<Value> | undefined;
  return () => (started ??= start());
}
