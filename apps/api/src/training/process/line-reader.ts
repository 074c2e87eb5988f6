import type { RunEventData } from '@gan-dashboard/shared-types';
import { jsonSaid } from './json-line';
import { metricsOf } from './line-metrics';
import { barOf, positionOf } from './line-position';
import { defined } from './said';
import type { Said } from './said';
import { TrainingPosition } from './training-position';
import type { UserPatterns } from './user-patterns';

/** What the lines of a program tell of its training; time and the run's own numbers are added by who reads it. */
export interface Reading {
  update?: RunEventData<'training_update'>;
  progress?: Pick<RunEventData<'progress'>, 'epoch' | 'total_epochs' | 'step' | 'total_steps' | 'progress_percent'>;
}

export interface LineReaderOptions {
  /** Known from the run's settings; what the program says itself wins. */
  totalEpochs?: number | undefined;
  patterns?: UserPatterns | undefined;
  /** Lines that no pattern of the trainer's own fits are read as well. */
  readsOtherLines?: boolean;
}

/** A bar shows its metrics many times a second; they are taken once in this time. */
const barUpdateMs = 1_000;

/**
 * Reads the metrics and the progress of a training out of the lines that a program prints: JSON objects, `Epoch 3/10 …
 * Generator Loss: 0.71` in one line or over several (what follows an epoch belongs to it), `key=value` and `key: value`,
 * percentages and progress bars. What the lines do not say is absent: nothing is made up.
 *
 * The step of an update is the last that was said, else the epoch, else the ordinal of the update.
 */
export class LineReader {
  private readonly position: TrainingPosition;
  private barUpdateAt = -Infinity;

  constructor(private readonly options: LineReaderOptions = {}) {
    this.position = new TrainingPosition(options.totalEpochs);
  }

  /** @param ms time of the line, in milliseconds of any clock */
  read(line: string, { isRewritten, ms }: { isRewritten: boolean; ms: number }): Reading {
    const said = this.saidBy(line);
    if (!said) return {};
    if (isRewritten && ms - this.barUpdateAt < barUpdateMs) said.metrics = {};
    const { epoch, step, percent } = this.position.move(said);
    const counts = defined({ epoch, total_epochs: this.position.totalEpochs });
    const reading: Reading = {};
    if (Object.keys(said.metrics).length > 0) {
      if (isRewritten) this.barUpdateAt = ms;
      const place = this.position.stepOf(Object.keys(said.metrics));
      reading.update = { ...said.metrics, ...counts, step: place };
    }
    if (percent !== undefined) {
      const { totalSteps } = this.position;
      reading.progress = { ...counts, ...defined({ step, total_steps: totalSteps }), progress_percent: percent };
    }
    return reading;
  }

  private saidBy(line: string): Said | undefined {
    const own = this.options.patterns?.read(line);
    if (own || this.options.readsOtherLines === false) return own;
    const json = jsonSaid(line);
    if (json) return json;
    const bar = barOf(line);
    const position = positionOf(line);
    const metrics = metricsOf(line, Object.keys(position).length > 0);
    return { ...position, ...(bar && this.position.epochOfBar(bar)), metrics };
  }
}
