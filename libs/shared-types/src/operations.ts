import * as z from 'zod';
import { idSchema, pageQuerySchema, pageSchema, timestampSchema } from './common';

/** What somebody, or the server by its own rules, did. */
export const auditEntrySchema = z
  .object({
    id: z.int(),
    at: timestampSchema,
    actor: z.string().meta({ description: 'Name of the user, or "server" for what it does by its own rules' }),
    action: z.string().meta({ description: 'Such as run.stop or checkpoint.pin' }),
    run_id: idSchema.nullable(),
    subject: z
      .string()
      .nullable()
      .meta({ description: 'Id of the checkpoint, sample or data set, where there is one' }),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof auditEntrySchema>;
export const auditPageSchema = pageSchema(auditEntrySchema, 'AuditPage');
export const auditQuerySchema = pageQuerySchema.extend({ run_id: idSchema.optional() });
export type AuditQuery = z.infer<typeof auditQuerySchema>;

export const gpuSchema = z.object({
  name: z.string(),
  memory_bytes: z.int(),
  memory_used_bytes: z.int().optional(),
  utilization_percent: z.number().optional(),
});

/** Last measurement of a worker; what could not be measured is absent. */
export const workerLoadSchema = z.object({
  cpu_percent: z.number().optional().meta({ description: 'Of all cores together, 0-100' }),
  memory_used_bytes: z.int().optional(),
  disk_used_bytes: z.int().optional(),
  disk_total_bytes: z.int().optional(),
  gpus: z.array(gpuSchema).optional(),
});
export type WorkerLoad = z.infer<typeof workerLoadSchema>;

export const workerSchema = z
  .object({
    id: idSchema,
    created_at: timestampSchema,
    host: z.string(),
    process_id: z.int(),
    role: z.enum(['all', 'web', 'worker']),
    is_alive: z.boolean(),
    is_draining: z.boolean(),
    cores: z.int(),
    memory_bytes: z.int(),
    slots: z.int().meta({ description: 'Runs that it takes at once; 0 for a web process' }),
    run_ids: z.array(idSchema),
    versions: z.record(z.string(), z.string()),
    load: workerLoadSchema,
    load_at: timestampSchema.nullable(),
  })
  .meta({ id: 'Worker' });
export type Worker = z.infer<typeof workerSchema>;
export const workerListSchema = z.object({ items: z.array(workerSchema) }).meta({ id: 'WorkerList' });

/** What an operator has set that concerns whoever uses the server. */
export const serverInfoSchema = z
  .object({
    version: z.string(),
    auth: z.enum(['none', 'local', 'oidc', 'proxy']).meta({ description: 'How people sign on' }),
    max_upload_bytes: z.int(),
    event_retention_days: z.number().meta({ description: 'Events of a run are kept so long after its end' }),
    checkpoints_keep_last: z.int().meta({ description: 'Besides the best and pinned ones; 0: all' }),
    resume_policy: z.enum(['auto', 'ask', 'never']).meta({ description: 'For runs that do not say it themselves' }),
  })
  .meta({ id: 'ServerInfo' });
export type ServerInfo = z.infer<typeof serverInfoSchema>;
