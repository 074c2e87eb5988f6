import { defined, parseCount, parsePercent } from './said';
import type { Said } from './said';

type Position = Omit<Said, 'metrics'>;

export interface Bar {
  percent: number;
  count?: number;
  total?: number;
  /** What stands before the bar. */
  label: string;
}

const count = String.raw`[[(]?\s{0,4}(\d{1,10})(?:\s{0,4}(?:/|of)\s{0,4}(\d{1,10}))?(?![\w%]|[.:]\d)`;
const epochPattern = new RegExp(String.raw`(?<![\w-])(?:epoch|ep)\s{0,4}[:=#]?\s{0,4}${count}`, 'gi');
const stepPattern = new RegExp(
  String.raw`(?<![\w-])(?:global[ _]step|step|iter|iteration)\s{0,4}[:=#]?\s{0,4}${count}`,
  'i',
);
const batchPattern = new RegExp(String.raw`(?<![\w-])(?:batch|minibatch)\s{0,4}[:=#]?\s{0,4}${count}`, 'i');
/** `[3/10][120/938]`, as in PyTorch's examples: epoch and batch. */
const bracketPattern = /^\s{0,8}\[\s{0,4}(\d{1,10})\/(\d{1,10})\]\s{0,2}\[\s{0,4}(\d{1,10})\/(\d{1,10})\]/;
/** `10/60 [====>....]`: Keras counts the batches of the epoch. */
const kerasPattern = /^\s{0,8}(\d{1,10})\/(\d{1,10})\s{1,4}(?:\[[=>.]|━)/;
/** ` 45%|████▌     | 45/100 [00:10<00:12`: tqdm. */
const barPattern = /(?<![\w.])(\d{1,3}(?:\.\d{1,3})?)%\|[^|]{0,200}\|\s{0,4}(?:(\d{1,10})\/(\d{1,10})(?![\w.]))?/;
const percentPatterns = [
  /(?<![\w-])(?:progress|completed?|done|training)\s{0,4}[:=]?\s{0,4}(\d{1,3}(?:\.\d{1,6})?)\s?%/i,
  /(?<![\w.])(\d{1,3}(?:\.\d{1,6})?)\s?%\s{0,2}(?:completed?|done|finished)(?!\w)/i,
  /^\s{0,8}\[\s{0,3}(\d{1,3}(?:\.\d{1,6})?)\s?%\s{0,3}\]/,
  /^\s{0,8}(\d{1,3}(?:\.\d{1,6})?)\s?%\s{0,8}$/,
  /[━█▉▊▋▌▍▎▏#=>]\s{0,4}(\d{1,3}(?:\.\d{1,3})?)%(?!\w)/,
];

/** "per epoch 5", "best epoch: 7": a number beside the word that does not say where the training stands. */
const notThisOne = /(?:^|[^a-z])(?:per|each|every|best|max|maximum|num|total|of|early)[ _-]{1,2}$/i;

/** A progress bar in the state that it shows; undefined for any other line. */
export function barOf(line: string): Bar | undefined {
  const match = barPattern.exec(line);
  const percent = parsePercent(match?.[1]);
  if (!match || percent === undefined) return undefined;
  const label = line.slice(0, match.index).trim();
  return { percent, label, ...defined({ count: parseCount(match[2]), total: positive(parseCount(match[3])) }) };
}

/** Where a line says that the training stands: epoch, step or batch, and percent. */
export function positionOf(line: string): Position {
  const bracket = bracketPattern.exec(line);
  if (bracket) {
    const [epoch, totalEpochs, step, totalSteps] = bracket.slice(1).map(parseCount);
    return defined({ epoch, totalEpochs, step, totalSteps, isBatch: true });
  }
  return { ...epochOf(line), ...stepOf(line), ...percentOf(line) };
}

function epochOf(line: string): Position {
  for (const match of line.matchAll(epochPattern)) {
    if (notThisOne.test(line.slice(Math.max(0, match.index - 12), match.index))) continue;
    return defined({ epoch: parseCount(match[1]), totalEpochs: positive(parseCount(match[2])) });
  }
  return {};
}

function stepOf(line: string): Position {
  const step = stepPattern.exec(line);
  if (step && !notThisOne.test(line.slice(Math.max(0, step.index - 12), step.index))) {
    return defined({ step: parseCount(step[1]), totalSteps: positive(parseCount(step[2])) });
  }
  const batch = batchPattern.exec(line) ?? kerasPattern.exec(line);
  if (!batch) return {};
  return defined({ step: parseCount(batch[1]), totalSteps: positive(parseCount(batch[2])), isBatch: true });
}

function percentOf(line: string): Position {
  const bar = barOf(line);
  if (bar) return { percent: bar.percent, isBar: true };
  for (const pattern of percentPatterns) {
    const percent = parsePercent(pattern.exec(line)?.[1]);
    if (percent !== undefined) return { percent };
  }
  return {};
}

/** "3/0" names no total. */
function positive(total: number | undefined): number | undefined {
  return total === 0 ? undefined : total;
}
