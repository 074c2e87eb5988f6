import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Interrupted } from '../workspace/child.mjs';
import { ensureInstalled } from '../workspace/installation.mjs';
import { findNode } from '../workspace/node-binary.mjs';
import { endWithNpm } from '../workspace/parents.mjs';
import { root } from '../workspace/root.mjs';
import { ensureChromium } from './chromium.mjs';
import { listOfFailures, table, verdict } from './report.mjs';
import { failedSuite } from './results.mjs';
import { stages } from './stages.mjs';

const names = [...new Set(stages.map(({ name }) => name))];
const usage = `Usage: npm test [-- --only=${names.join(',')}]

Installs what is missing, checks and tests everything, and ends with a line "N passed, M failed".`;

/** @param {string[]} args what follows `npm test --` */
export async function main(args) {
  if (args.includes('--help')) {
    console.log(usage);
    return;
  }
  endWithNpm();
  try {
    process.exitCode = await runStages(chosenStages(args));
  } catch (error) {
    if (error instanceof Interrupted) {
      console.error(error.message);
      process.exitCode = error.exitCode;
    } else {
      console.error(error.message);
      console.log('0 passed, 1 failed');
      process.exitCode = 1;
    }
  }
}

/** @throws Error naming the unknown argument */
function chosenStages(args) {
  const unknown = args.find((arg) => !arg.startsWith('--only='));
  if (unknown !== undefined) throw new Error(`unknown argument ${unknown}\n${usage}`);
  const chosen = args.flatMap((arg) => arg.slice('--only='.length).split(','));
  const wrong = chosen.find((name) => !names.includes(name));
  if (wrong !== undefined) throw new Error(`there is no stage "${wrong}"; the stages are ${names.join(', ')}`);
  return stages.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
}

async function runStages(chosen) {
  await ensureInstalled();
  const context = { node: findNode(), resultFolder: join(root, 'dist/test-results') };
  if (chosen.some(({ name }) => name === 'e2e')) context.chromium = await ensureChromium();
  rmSync(context.resultFolder, { recursive: true, force: true });
  mkdirSync(context.resultFolder, { recursive: true });
  const rows = [];
  for (const stage of chosen) {
    console.log(`\n=== ${stage.title} ===`);
    const start = performance.now();
    const results = await runStage(stage, context);
    rows.push({ title: stage.title, seconds: (performance.now() - start) / 1000, ...results });
    console.log(`=== ${stage.title}: ${verdict([results])} ===`);
  }
  const failures = listOfFailures(rows);
  if (failures) console.log(`\n${failures}`);
  console.log(`\n${table(rows)}\n\n${verdict(rows)}`);
  return rows.some(({ failed }) => failed > 0) ? 1 : 0;
}

/** A stage that breaks counts as one failed test; the others go on. */
async function runStage(stage, context) {
  try {
    return await stage.run(context);
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    console.error(error);
    return failedSuite(error.message);
  }
}
