import * as z from 'zod';

/** ISO 8601, UTC, milliseconds and `Z`. */
export const timestampSchema = z.iso
  .datetime({ precision: 3 })
  .meta({ id: 'Timestamp', examples: ['2026-11-23T10:00:00.000Z'] });

export const idSchema = z.uuid().meta({ id: 'Id' });

/** RFC 9457 problem details; `errors` names each field of an invalid request. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

/** A page of a list; `next_cursor` is null on the last page. */
export function pageSchema<Item extends z.ZodType>(item: Item, id: string) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() }).meta({ id });
}
export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

/** How a list is paged: at most `limit` items after `cursor`. */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(500).optional(),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

/** A page of what several projects have. */
export const projectPageQuerySchema = pageQuerySchema.extend({
  project: idSchema.optional().meta({ description: 'Only those of this project' }),
});
export type ProjectPageQuery = z.infer<typeof projectPageQuerySchema>;

/** A cell of a table as JSON carries it. */
export const cellSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]).meta({ id: 'Cell' });
export type Cell = z.infer<typeof cellSchema>;
