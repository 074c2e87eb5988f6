import { UsageError } from './failures';

const overview = `Usage: npx gan-dashboard COMMAND [options]

Trains a GAN on a CSV and draws synthetic rows, without a server.

  train data.csv --out synthetic.csv    trains a model, then writes rows
  sample RUN --out synthetic.csv        draws rows from a run or a checkpoint
  report real.csv synthetic.csv         measures how good synthetic rows are, as an HTML file
  import RUN --url URL                  brings a run of this command to a dashboard
  models [NAME]                         lists the models and their settings

  npx gan-dashboard COMMAND --help      the options of a command
  npx gan-dashboard --version

Exit codes: 0 done, 1 failed, 2 wrong usage (nothing was done), 130 stopped. More: docs/command-line.md`;

const topics: Record<string, string> = {
  train: `Usage: npx gan-dashboard train data.csv [options]
       npx gan-dashboard train --resume RUN [--out FILE]

Reads the CSV as the dashboard does, trains, and measures how alike rows of the model are to the source.

  --model NAME           ctgan (default), gan, wgan-gp, tvae
  --epochs N             the same as --set epochs=N
  --set NAME=VALUE       one setting of the model; may be repeated; lists as 128,128
  --config FILE          settings as JSON or YAML; --epochs and --set count more
  --seed N               0 to 2147483647; default: any, which is shown and kept
  --columns NAME:ROLE,…  roles of columns: numeric, categorical, datetime, id, excluded
  --out FILE             where rows are written; .csv or .parquet
  --rows N               how many; default: as many as the CSV has
  --run-folder DIR       where the run is kept; default: a new folder in gan-runs
  --resume [RUN]         goes on bit for bit; without RUN: the latest run of the CSV in gan-runs that is not complete
  --force                --out may be replaced
  --json                 messages for programs on stdout, a JSON object a line

Ctrl-C saves the state and says how to go on; a second Ctrl-C does not wait.`,
  sample: `Usage: npx gan-dashboard sample RUN --out FILE [options]

Draws rows from the latest checkpoint of a run folder, or from a checkpoint file. The same checkpoint, rows, seed,
conditions and constraints give the same file.

  --out FILE             .csv or .parquet
  --rows N               default: as many as the model has learned from
  --sequences N          of doppelganger and quantgan, instead of --rows: so many sequences
  --length N             rows of each; default: the model's sequence_length
  --start-time TIME      time of the first row of each; a number where the times are numbers
  --start-value COL=N    value of a column in the first row of each: sequences above 0 are scaled to it, others moved;
                         may be repeated
  --seed N               default: any, which is shown
  --condition COND       column=value, column= (missing), column>=value, column<=value; may be repeated: all must hold
  --constraint CONS      low<=high or low<high between two columns; unique:column,… for rows that differ there;
                         combination:column,… for combinations of the learned table; may be repeated
  --force                --out may be replaced`,
  report: `Usage: npx gan-dashboard report real.csv synthetic.csv [options]

Measures synthetic rows beside the real ones: shapes, trends, utility and privacy, with floors and ceilings.

  --target COLUMN        what models trained on synthetic rows are to predict in real ones
  --seed N               of everything that is drawn; default 42
  --out FILE             one HTML file that needs nothing else; default: report.html, without --json
  --force                --out may be replaced
  --json                 all figures as JSON on stdout`,
  import: `Usage: npx gan-dashboard import RUN --url URL [options]

Hands a run folder to a dashboard: settings, seed, metrics, log, end, checkpoints, and the table where its CSV is found.
There it is sampled, forked and, with its table, resumed.

  --url URL              address of the dashboard, such as http://127.0.0.1:8081
  --name NAME            default: the name of the folder
  --data FILE            the CSV of the run; default: the file of its name here or beside the folder
  --token TOKEN          an API token, for a dashboard with sign-on; or GAN_DASHBOARD_TOKEN, which other users cannot see`,
  models: `Usage: npx gan-dashboard models [NAME] [--json]

Lists the models with their settings: default, kind and range.`,
};

/** @throws UsageError for a command that there is not */
export function helpFor(topic?: string): string {
  if (topic === undefined) return overview;
  const text = topics[topic];
  if (text === undefined) {
    throw new UsageError(`There is no command "${topic}". Commands are: ${Object.keys(topics).join(', ')}.`);
  }
  return text;
}
