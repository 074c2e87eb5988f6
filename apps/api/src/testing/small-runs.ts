/** 600 rows of a number, a category, a time and a column with holes. */
export function smallTable(): string {
  const rows = Array.from({ length: 600 }, (_, index) => {
    const price = (100 + 5 * Math.sin(index / 9)).toFixed(2);
    const time = new Date(Date.UTC(2024, 0, 2) + index * 60_000).toISOString().slice(0, 19).replace('T', ' ');
    const side = ['buy', 'sell', '"hold, or wait"'][index % 3];
    return `${time},${price},${side},${index % 4 === 0 ? '' : index}`;
  });
  return `time,price,side,volume\n${rows.join('\n')}\n`;
}

/** Settings of runs that end in a second, in some seconds, and never by themselves. */
export const quick = {
  ...{ epochs: 3, batch_size: 100, steps_per_epoch: 4, generator_layers: [16], critic_layers: [16] },
  // Its checkpoints are those that a test asks for.
  quality_every: 0,
};
export const brief = { ...quick, epochs: 60 };
export const endless = { ...quick, epochs: 100_000 };
