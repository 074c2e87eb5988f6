/** The file itself is the reason why it cannot be read; the message says why and what to do, for people. */
export class ImportError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ImportError';
  }
}
