import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { reportContentSchema, reportRowLimit } from '@gan-dashboard/shared-types';
import type { ReportContent, ReportLineage } from '@gan-dashboard/shared-types';
import type { ImportResult } from '../datasets/table/table-protocol';
import { ReportTaskAborted, runReportTask } from '../reports/process/report-process';
import { seriesOf } from '../reports/series-of-tables';
import { versions } from '../workers/machine';
import type { ReportCommand } from './arguments';
import { CommandError, InterruptedError, messageOf } from './failures';
import type { Interrupts } from './interrupts';
import type { Output, Reporter } from './reporter';
import { hashOf, importCsv, publish, requireFile, requireFree, withWorkFolder } from './table-files';

const defaultSeed = 42;
const shownScores = 12;

interface Surroundings {
  interrupts: Interrupts;
  reporter: Reporter;
  outputs: { stdout: Output };
}

/** Measures a synthetic CSV beside a real one and writes what was found. */
export async function runReport(
  command: ReportCommand,
  { interrupts, reporter, outputs }: Surroundings,
): Promise<void> {
  const { real, synthetic, out, isForced, isJson } = command;
  for (const path of [real, synthetic]) await requireFile(path);
  await requireFree(out, isForced);
  await withWorkFolder(out === undefined ? '.' : dirname(out), async (folder) => {
    const paths = { json_path: join(folder, 'report.json'), html_path: join(folder, 'report.html') };
    await measure(command, { folder, paths, interrupts, reporter });
    const text = await readFile(paths.json_path, 'utf8');
    if (out !== undefined) await publish(paths.html_path, out, isForced);
    if (isJson) outputs.stdout.write(`${text}\n`);
    else for (const line of summaryOf(reportContentSchema.parse(JSON.parse(text)))) reporter.result(line);
    if (out !== undefined) reporter.note('info', `Wrote ${out}.`);
  });
}

interface Work {
  folder: string;
  paths: { json_path: string; html_path: string };
  interrupts: Interrupts;
  reporter: Reporter;
}

async function measure(command: ReportCommand, { folder, paths, interrupts, reporter }: Work): Promise<void> {
  const { stop } = interrupts;
  const { real, synthetic, target = null, seed = defaultSeed } = command;
  const files = { real: join(folder, 'real.parquet'), synthetic: join(folder, 'synthetic.parquet') };
  const [realTable, syntheticTable] = [
    await importCsv(real, files.real, stop),
    await importCsv(synthetic, files.synthetic, stop),
  ];
  const lineage: ReportLineage = {
    real: await sourceOf(real, realTable),
    synthetic: await sourceOf(synthetic, syntheticTable),
    run: null,
    checkpoint: null,
    seed,
    versions: versions(),
  };
  try {
    await runReportTask(
      {
        task: 'report',
        real: { parquet_path: files.real, columns: realTable.columns },
        synthetic: { parquet_path: files.synthetic, columns: syntheticTable.columns },
        series: seriesOf(realTable.columns, syntheticTable.columns, realTable.structure),
        is_ordered: realTable.structure.kind !== 'table',
        title: `Quality of ${basename(synthetic)} beside ${basename(real)}`,
        target,
        seed,
        row_limit: reportRowLimit,
        lineage,
        ...paths,
      },
      { signal: stop, onProgress: notedOnce(reporter) },
    );
  } catch (error) {
    if (error instanceof ReportTaskAborted)
      throw new InterruptedError('Stopped: nothing was written.', { cause: error });
    throw new CommandError(messageOf(error), { cause: error });
  }
}

/** A line for each phase, not for each per cent. */
function notedOnce(reporter: Reporter): (phase: string) => void {
  let last = '';
  return (phase) => {
    if (phase !== last) reporter.note('info', `${phase} …`);
    last = phase;
  };
}

async function sourceOf(path: string, { row_count: rows }: ImportResult): Promise<ReportLineage['real']> {
  return { name: basename(path), sha256: await hashOf(path), dataset_id: null, rows, rows_used: 0 };
}

function summaryOf({ quality, score_texts: texts, privacy }: ReportContent): string[] {
  const number = (value: number | null | undefined) => (typeof value === 'number' ? value.toFixed(3) : '–');
  const lines = quality.scores
    .slice(0, shownScores)
    .map(({ name, value, floor, ceiling, is_above_ceiling: isAbove }) => {
      const flag = isAbove ? '  above the ceiling: copies?' : '';
      return `${(texts[name]?.title ?? name).padEnd(28)} ${number(value)}  (floor ${number(floor)}, ceiling ${number(ceiling)})${flag}`;
    });
  return [...lines, ...(privacy?.sentences ?? [])];
}
