// The command line: trains and samples without a server. tools/cli.mjs starts it.
import { parseArguments } from './cli/arguments';
import type { Command } from './cli/arguments';
import { exitCodeOf, exitCodes, messageOf } from './cli/failures';
import { helpFor } from './cli/help';
import { runImport } from './cli/import-command';
import { Interrupts } from './cli/interrupts';
import { describeModels } from './cli/models-command';
import { JsonReporter, TextReporter } from './cli/reporter';
import type { Outputs } from './cli/reporter';
import { runReport } from './cli/report-command';
import { runSample } from './cli/sample-command';
import { runTrain } from './cli/train-command';
import { versions } from './workers/machine';

const now = () => performance.now();
const outputs: Outputs = { stdout: process.stdout, stderr: process.stderr, now };

async function main(words: string[]): Promise<void> {
  const interrupts = new Interrupts();
  interrupts.listen();
  await perform(parseArguments(words), interrupts);
}

async function perform(command: Command, interrupts: Interrupts): Promise<void> {
  switch (command.command) {
    case 'train': {
      const reporter = command.isJson ? new JsonReporter(outputs) : new TextReporter(outputs);
      return runTrain(command, { interrupts, reporter, now });
    }
    case 'sample':
      return runSample(command, { interrupts, reporter: new TextReporter(outputs) });
    case 'report':
      return runReport(command, { interrupts, reporter: new TextReporter(outputs), outputs });
    case 'import':
      return runImport(command, { reporter: new TextReporter(outputs), stop: interrupts.stop });
    case 'models':
      return say(describeModels(command));
    case 'help':
      return say(helpFor(command.topic));
    case 'version':
      return say(versions()['dashboard'] ?? 'unknown');
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  await main(process.argv.slice(2));
  process.exitCode = exitCodes.done;
} catch (error) {
  process.stderr.write(`gan-dashboard: ${messageOf(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
