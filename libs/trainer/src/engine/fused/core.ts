import { Operation } from '../../../assembly/layout';
import { isStored } from '../gan-shape';
import type { GanShape, TrainingRows } from '../gan-shape';
import { allocateClassifier, ClassifierNetwork } from './classifier-network';
import type { ClassifierBuffers } from './classifier-network';
import { emitClassifierGradients, emitTargetLoss, emitTargetSlope } from './classifier-program';
import type { ClassifierPass } from './classifier-program';
import { allocateCritic, criticBlocks, emitGather } from './critic-forward';
import type { CriticBuffers, CriticPass } from './critic-forward';
import { emitCriticGradients, emitRowGradients } from './critic-gradients';
import { CriticNetwork } from './critic-network';
import { allocateGradients, emitBackward } from './generator-backward';
import type { GeneratorGradients } from './generator-backward';
import { allocateGenerator, emitForward, emitNoise } from './generator-forward';
import type { GeneratorBuffers, RowTarget } from './generator-forward';
import { GeneratorNetwork } from './generator-network';
import { Arena } from './arena';
import { conditionColumns } from './conditions';
import { layOutConstants } from './constants';
import type { AdamSettings, FusedHyperparameters } from './hyperparameters';
import type { Parameters } from './parameters';
import { sampleProgram } from './fused-sampler';
import { Program, floatBits } from './program';
import type { PlacedProgram } from './program';
import { Runtime } from './runtime';
import type { RuntimeOptions } from './runtime';
import type { SampleSource } from './sampling';
import { StagedRows } from './staged-rows';

const epsilon = 1e-8;
const momentum = 0.1;

/** Where the arrays of one network stand. Addresses are bytes; each block holds `parameters.size` floats. */
export interface NetworkMemory {
  parameters: Parameters;
  weights: number;
  firstMoments: number;
  secondMoments: number;
  gradients: number;
  /** Three floats for each 4096 parameters: squares of gradients, of updates and of weights. */
  norms: number;
}

/** The classifier's arrays, with what it computes in. */
export interface ClassifierMemory extends NetworkMemory {
  network: ClassifierNetwork;
  buffers: ClassifierBuffers;
}

export type ProgramName =
  | 'criticData'
  | 'critic'
  | 'criticUpdate'
  | 'classifier'
  | 'classifierUpdate'
  | 'generatorData'
  | 'generator'
  | 'generatorUpdate'
  | 'sample';

/**
 * Lays out a GAN in the module's memory and writes the programs of its step. Knows nothing of steps: those are
 * `FusedGan`'s.
 */
export class Core implements SampleSource {
  readonly runtime: Runtime;
  readonly generatorNetwork: GeneratorNetwork;
  readonly criticNetwork: CriticNetwork;
  readonly generator: NetworkMemory;
  readonly critic: NetworkMemory;
  /** Averaged generator weights, running statistics of the batch norms, and their average. */
  readonly average: number;
  readonly running: number;
  readonly runningAverage: number;
  /** First byte of what is learned, and its floats: one run of memory. */
  readonly learned: { address: number; floats: number };
  readonly generatorBuffers: GeneratorBuffers;
  readonly generatorGradients: GeneratorGradients;
  readonly criticBuffers: CriticBuffers;
  /** `[batch, rowWidth]`: sampled rows. */
  readonly sampled: number;
  /** The network of the target loss, where there is one. */
  readonly classifier: ClassifierMemory | undefined;
  /** Absent where all rows are in the module's memory. */
  private readonly staged: StagedRows | undefined;
  private readonly programs: Partial<Record<ProgramName, PlacedProgram>>;

  constructor(
    readonly shape: GanShape,
    readonly settings: FusedHyperparameters,
    rows: TrainingRows,
    options: RuntimeOptions,
  ) {
    const { batchSize } = settings;
    const arena = new Arena();
    const categories = conditionColumns(shape.layout).places.length;
    this.generatorNetwork = new GeneratorNetwork(shape, categories);
    this.criticNetwork = new CriticNetwork(shape, categories);
    const start = arena.size;
    const ofGenerator = learnedBlocks(this.generatorNetwork.parameters, arena);
    const ofCritic = learnedBlocks(this.criticNetwork.parameters, arena);
    this.average = arena.words(this.generatorNetwork.parameters.size);
    this.running = arena.words(this.generatorNetwork.runningSize);
    this.runningAverage = arena.words(this.generatorNetwork.runningSize);
    const classifierNetwork = shape.classifier && new ClassifierNetwork(shape, shape.classifier);
    const ofClassifier = classifierNetwork && learnedBlocks(classifierNetwork.parameters, arena);
    this.learned = { address: start, floats: (arena.size - start) / 4 };
    this.generator = { ...ofGenerator, ...workBlocks(ofGenerator.parameters, arena) };
    this.critic = { ...ofCritic, ...workBlocks(ofCritic.parameters, arena) };
    this.generatorBuffers = allocateGenerator(this.generatorNetwork, batchSize, arena);
    this.generatorGradients = allocateGradients(this.generatorNetwork, batchSize, arena);
    this.criticBuffers = allocateCritic(this.criticNetwork, batchSize / shape.critic.pac, arena);
    if (classifierNetwork && ofClassifier) {
      const memory = { ...ofClassifier, ...workBlocks(ofClassifier.parameters, arena) };
      const buffers = allocateClassifier(classifierNetwork, batchSize, arena);
      this.classifier = { ...memory, network: classifierNetwork, buffers };
    }
    this.sampled = arena.words(batchSize * this.generatorNetwork.rowWidth);
    const writeConstants = layOutConstants(shape, { batchSize, threads: options.threads, rows }, arena);
    this.staged = isStored(rows) ? new StagedRows(rows, shape.layout) : undefined;
    this.programs = this.writePrograms(arena);
    this.runtime = new Runtime(arena.size, options);
    writeConstants(this.runtime);
    for (const program of Object.values(this.programs)) this.runtime.load(program);
  }

  runSample(): void {
    this.run('sample');
  }

  /** @throws RangeError where the shape has no such program */
  run(name: ProgramName): void {
    const program = this.programs[name];
    if (!program) throw new RangeError(`a GAN of this shape has no program "${name}"`);
    this.runtime.run(program);
    if (this.drawsRows(name)) this.staged?.fetch(this.runtime, this.criticBuffers.rows, this.settings.batchSize);
  }

  private drawsRows(name: ProgramName): boolean {
    return name === 'criticData' || (name === 'generatorData' && this.settings.featureMatchWeight > 0);
  }

  private writePrograms(arena: Arena): Partial<Record<ProgramName, PlacedProgram>> {
    const place = (program: Program) => program.place((bytes) => arena.bytes(bytes));
    const { generatorAverage } = this.settings;
    return {
      criticData: place(this.dataProgram(true)),
      critic: place(this.criticProgram()),
      criticUpdate: place(this.updateProgram(this.critic, this.settings.critic, 0)),
      generatorData: place(this.dataProgram(false)),
      generator: place(this.generatorProgram()),
      generatorUpdate: place(
        this.updateProgram(this.generator, this.settings.generator, generatorAverage > 0 ? this.average : 0),
      ),
      sample: place(this.sampleProgram()),
      ...(this.classifier && {
        classifier: place(this.classifierProgram(this.classifier)),
        classifierUpdate: place(this.updateProgram(this.classifier, this.settings.critic, 0)),
      }),
    };
  }

  private get hasConditions(): boolean {
    return this.generatorNetwork.categories > 0;
  }

  private dataProgram(isForCritic: boolean): Program {
    const program = new Program();
    const { generatorBuffers: generator, criticBuffers: critic } = this;
    const needsRows = this.drawsRows(isForCritic ? 'criticData' : 'generatorData');
    const needsMixes = isForCritic && this.shape.loss === 'wasserstein';
    program.emit(
      Operation.Draw,
      1,
      ...(this.hasConditions ? [generator.conditions, generator.places, critic.conditions] : [0, 0, 0]),
      ...[needsRows ? critic.rows : 0, needsMixes ? critic.mixes : 0, critic.groups],
    );
    emitNoise(program, this.generatorNetwork, generator);
    return program;
  }

  private get criticPass(): CriticPass {
    return {
      network: this.criticNetwork,
      buffers: this.criticBuffers,
      weights: this.critic.weights,
      gradients: this.critic.gradients,
      fakeConditions: this.hasConditions ? this.generatorBuffers.conditions : 0,
    };
  }

  /** Generated rows stand where the critic reads them. */
  private get generated(): RowTarget {
    const { pac, groupWidth } = this.criticNetwork;
    return { address: this.criticBuffers.input, pac, groupStride: groupWidth };
  }

  private emitGeneration(program: Program): void {
    emitForward(program, this.generatorNetwork, this.generatorBuffers, {
      ...{ weights: this.generator.weights, running: this.running, momentum, target: this.generated },
    });
  }

  private criticProgram(): Program {
    const program = new Program();
    emitGather(program, this.criticPass, criticBlocks(this.criticNetwork, 1).real);
    this.emitGeneration(program);
    const { realTarget, gradientPenaltyWeight: penaltyWeight } = this.settings;
    emitCriticGradients(program, this.criticPass, { realTarget, penaltyWeight });
    return program;
  }

  private classifierPass({ network, buffers, weights, gradients }: ClassifierMemory): ClassifierPass {
    return { network, buffers, weights, gradients };
  }

  /** Learns from the real rows of the critic's last update. */
  private classifierProgram(classifier: ClassifierMemory): Program {
    const program = new Program();
    emitClassifierGradients(program, this.classifierPass(classifier), this.criticBuffers.rows);
    return program;
  }

  private generatorProgram(): Program {
    const program = new Program();
    const { featureMatchWeight, conditionWeight } = this.settings;
    emitGather(program, this.criticPass, featureMatchWeight > 0 ? 1 : undefined);
    this.emitGeneration(program);
    if (this.classifier) emitTargetLoss(program, this.classifierPass(this.classifier), this.generated);
    const rowGradients = emitRowGradients(program, this.criticPass, featureMatchWeight);
    if (this.classifier) {
      const { groupStride } = this.generated;
      emitTargetSlope(program, this.classifierPass(this.classifier), { rowGradients, groupStride });
    }
    emitBackward(
      program,
      this.generatorNetwork,
      { buffers: this.generatorBuffers, gradients: this.generatorGradients },
      {
        weights: this.generator.weights,
        gradients: this.generator.gradients,
        rows: this.generated,
        ...{ rowGradients, conditionWeight },
      },
    );
    return program;
  }

  private updateProgram(network: NetworkMemory, settings: AdamSettings, average: number): Program {
    const program = new Program();
    const { size } = network.parameters;
    program.emit(Operation.Adam, Math.ceil(size / 4096), ...adamArguments(network, settings), average, network.norms);
    const { runningSize } = this.generatorNetwork;
    if (average && runningSize > 0) {
      program.emit(Operation.Average, 1, this.runningAverage, this.running, runningSize);
    }
    return program;
  }

  private sampleProgram(): Program {
    const hasAverage = this.settings.generatorAverage > 0;
    return sampleProgram(this.generatorNetwork, this.generatorBuffers, {
      weights: hasAverage ? this.average : this.generator.weights,
      running: hasAverage ? this.runningAverage : this.running,
      sampled: this.sampled,
    });
  }
}

function learnedBlocks(parameters: Parameters, arena: Arena) {
  const [weights, firstMoments, secondMoments] = [0, 1, 2].map(() => arena.words(parameters.size)) as [
    number,
    number,
    number,
  ];
  return { parameters, weights, firstMoments, secondMoments };
}

function workBlocks(parameters: Parameters, arena: Arena) {
  return {
    gradients: arena.words(parameters.size),
    norms: arena.words(3 * Math.ceil(parameters.size / 4096)),
  };
}

function adamArguments(network: NetworkMemory, { beta1, beta2, decay }: AdamSettings): number[] {
  return [
    ...[network.weights, network.gradients, network.firstMoments, network.secondMoments, network.parameters.size],
    ...[beta1, beta2, epsilon, decay].map(floatBits),
  ];
}
