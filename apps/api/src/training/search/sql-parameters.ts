/** Values of one statement; what a person typed never becomes a part of its text. */
export class SqlParameters {
  readonly values: unknown[] = [];

  /** @returns the placeholder that stands for the value, such as `$3` */
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}
