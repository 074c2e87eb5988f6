/** Dilation of each block; 0 stands for a kernel of 1. Each convolution of block k sees 2^(k-1) further back. */
export function dilations(blocks: number): number[] {
  return Array.from({ length: blocks }, (_, block) => (block === 0 ? 0 : 2 ** (block - 1)));
}

/** Times that one output of a temporal network depends on. Each block has two convolutions. */
export function receptiveField(blocks: number): number {
  return 1 + 2 * dilations(blocks).reduce((sum, dilation) => sum + dilation, 0);
}
