/** The data cannot be trained on as they are; the message says which column, what is wrong and the way out. */
export class DataError extends Error {
  override readonly name = 'DataError';
}
