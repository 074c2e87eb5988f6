/**
 * `npm run bench:toy`: how likely rows of models of simulated data are (ring and grid of normal distributions), and how
 * likely that data is by the rows. BENCH_MODELS, BENCH_EPOCHS and BENCH_SEEDS say what is trained.
 */
import { runTrainerProgram } from './trainer-program.mjs';

runTrainerProgram('toy-bench');
