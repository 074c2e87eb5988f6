/**
 * `npm run bench:order-book`: how good synthetic order books are. Reads `../shared/data/treasury_orderbook_sample.csv`, or
 * the file of the same columns that is named. BENCH_MODELS, BENCH_EPOCHS and BENCH_SEEDS say what is trained.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runTrainerProgram } from './trainer-program.mjs';

const csv = process.argv[2] ?? join(root, '../shared/data/treasury_orderbook_sample.csv');
if (!existsSync(csv)) {
  console.error(`There is no ${csv}: name an order book of five levels, npm run bench:order-book -- book.csv`);
  process.exit(1);
}
runTrainerProgram('order-book-bench', csv);
