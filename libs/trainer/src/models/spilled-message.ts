/** For the log of a run. */
export const spilledMessage =
  'The encoded rows would take more memory than they may (TRAINING_ROWS_MEMORY_MB): they are read from disk, step by step.';
