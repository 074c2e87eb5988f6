/** Version of the trainer, which is that of the product. */
export const trainerVersion = '0.1.0';

/** Which programs made a checkpoint; `engine` in its header names what computed it. Nothing is decided by it. */
export function writtenBy(): { trainer: string; node: string } {
  return { trainer: trainerVersion, node: process.versions.node };
}
