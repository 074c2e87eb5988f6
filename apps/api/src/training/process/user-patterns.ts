import { Script, createContext } from 'node:vm';
import type { Context } from 'node:vm';
import type { WireNumber } from '@gan-dashboard/shared-types';
import { defined, parseCount, parseNumber, parsePercent } from './said';
import type { Said } from './said';

/** Longer lines are not shown to patterns that somebody wrote: the time that one takes may grow with its square. */
const longestLine = 2_000;
const patience = { timeout: 50 };
/** `(a+)+`, `(a*|b)*`: what repeats holds something that repeats, so that a line can be cut up in exponentially many ways. */
const nestedRepetition = /\((?:[^()\\]|\\.)*[*+}](?:[^()\\]|\\.)*\)[*+{]/;

const positionGroups = ['epoch', 'total_epochs', 'step', 'total_steps', 'percent'] as const;

/** @returns what is wrong with a pattern, or undefined when it can be used */
export function patternMistake(source: string): string | undefined {
  if (source.length > 1_000) return 'is longer than 1,000 characters';
  let pattern: RegExp;
  try {
    pattern = new RegExp(source, 'u');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (nestedRepetition.test(source)) {
    return 'repeats a group that repeats something itself, such as (a+)+, which can take forever; repeat only one of them';
  }
  if (/\\[1-9]|\\k</.test(source)) return 'refers back to a group (\\1, \\k<name>), which can take forever';
  const groups = Object.keys(new RegExp(`${pattern.source}|`, 'u').exec('')?.groups ?? {});
  if (groups.length === 0)
    return 'names no group; say what it finds, such as (?<epoch>\\d+) or (?<generator_loss>\\S+)';
  return undefined;
}

/**
 * Patterns that somebody wrote for the output of a program. A pattern that takes longer than 50 ms for one line is
 * stopped and not used any more.
 */
export class UserPatterns {
  private readonly context: Context;
  private readonly match = new Script('pattern.exec(line)');
  private readonly patterns: Set<RegExp>;

  /** @param onSlow told once of each pattern that was stopped */
  constructor(
    sources: readonly string[],
    private readonly onSlow: (source: string) => void,
  ) {
    this.patterns = new Set(sources.map((source) => new RegExp(source, 'u')));
    this.context = createContext({ pattern: null, line: '' });
  }

  /** What the first pattern that fits says; undefined when none fits. */
  read(line: string): Said | undefined {
    if (line.length > longestLine) return undefined;
    for (const pattern of this.patterns) {
      const groups = this.groupsOf(pattern, line);
      if (groups) return saidBy(groups);
    }
    return undefined;
  }

  private groupsOf(pattern: RegExp, line: string): Record<string, string | undefined> | undefined {
    this.context['pattern'] = pattern;
    this.context['line'] = line;
    try {
      return (this.match.runInContext(this.context, patience) as RegExpExecArray | null)?.groups;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      this.patterns.delete(pattern);
      this.onSlow(pattern.source);
      return undefined;
    }
  }
}

/** The error comes from the pattern's own context, so it is no instance of this one's Error. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}

function saidBy(groups: Record<string, string | undefined>): Said {
  const metrics: Record<string, WireNumber> = {};
  for (const [name, text] of Object.entries(groups)) {
    if ((positionGroups as readonly string[]).includes(name)) continue;
    const value = parseNumber(text ?? '');
    if (value !== undefined) metrics[name] = value;
  }
  return {
    ...defined({
      epoch: parseCount(groups['epoch']),
      totalEpochs: parseCount(groups['total_epochs']),
      step: parseCount(groups['step']),
      totalSteps: parseCount(groups['total_steps']),
      overallPercent: parsePercent(groups['percent']),
    }),
    metrics,
  };
}
