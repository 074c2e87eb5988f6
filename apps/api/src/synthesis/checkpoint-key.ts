/** Under which the store has the file of a checkpoint. */
export function checkpointKey({ runId, fileName }: { runId: string; fileName: string }): string {
  return `runs/${runId}/checkpoints/${fileName}`;
}

/** The name is the content's: the same file is kept once, however often it is brought. */
export function checkpointStoreName(sha256: string): string {
  return `${sha256}.ckpt`;
}
