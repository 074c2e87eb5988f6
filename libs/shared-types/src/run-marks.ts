import * as z from 'zod';
import { idSchema, timestampSchema } from './common';

export const markQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(200).meta({ description: 'The newest of them' }),
});
export type MarkQuery = z.infer<typeof markQuerySchema>;

const place = {
  seq: z.int().min(1).meta({ description: 'Of the event that tells of it' }),
  step: z.int().min(0).meta({ description: 'Where the run was: the last step it had measured; 0 before the first' }),
  timestamp: timestampSchema,
};

/** What happened to a run at a step and belongs on its charts. Its checkpoints have a list of their own. */
export const runMarkSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('alert'),
      ...place,
      severity: z.enum(['warning', 'error']),
      message: z.string().meta({ description: 'What is seen, in a sentence' }),
    }),
    z.object({ kind: z.literal('pause'), ...place }),
    z.object({ kind: z.literal('sample'), ...place, sample_id: idSchema, rows: z.int() }),
  ])
  .meta({ id: 'RunMark' });
export type RunMark = z.infer<typeof runMarkSchema>;

export const runMarksSchema = z
  .object({
    items: z.array(runMarkSchema).meta({ description: 'In the order of the log' }),
    is_complete: z.boolean().meta({ description: 'Whether there are no older ones in the log' }),
  })
  .meta({
    id: 'RunMarks',
    examples: [
      { items: [{ kind: 'pause', seq: 42, step: 1_200, timestamp: '2026-11-23T10:00:00.000Z' }], is_complete: true },
    ],
  });
export type RunMarks = z.infer<typeof runMarksSchema>;
