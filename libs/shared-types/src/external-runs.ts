import * as z from 'zod';
import { runStatusSchema } from './events';

/** Why one line of a post was not taken. */
export const rejectedLineSchema = z.object({
  line: z.int().meta({ description: 'Line of the NDJSON, or place in the array, from 1' }),
  message: z.string().meta({ description: 'The field and what is wrong with it' }),
});
export type RejectedLine = z.infer<typeof rejectedLineSchema>;

/** The answer to events that a program outside has posted. */
export const externalEventsAnswerSchema = z
  .object({
    accepted: z.int(),
    duplicates: z.int().meta({ description: 'Had been accepted before, known by client_id and client_seq' }),
    rejected: z.array(rejectedLineSchema).meta({ description: 'The first hundred of them' }),
    rejected_count: z.int(),
    status: runStatusSchema,
    control: z.enum(['stop']).optional().meta({ description: 'stop: somebody asks the program to end its training' }),
  })
  .meta({ id: 'ExternalEventsAnswer' });
export type ExternalEventsAnswer = z.infer<typeof externalEventsAnswerSchema>;

export const externalEventsQuerySchema = z.object({
  client_id: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'With it every event has a client_seq, and what is sent again is not recorded again' }),
  replay: z
    .stringbool()
    .default(false)
    .meta({ description: 'The events were kept by a program that has gone: they do not wake an interrupted run' }),
});
export type ExternalEventsQuery = z.infer<typeof externalEventsQuerySchema>;
