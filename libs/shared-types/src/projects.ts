import * as z from 'zod';
import { idSchema, timestampSchema } from './common';
import { userRoleSchema } from './identity';

/** The project that every installation has: what names no project belongs to it. */
export const defaultProjectId = '00000000-0000-4000-8000-000000000001';

const projectNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(100)
  // eslint-disable-next-line no-control-regex -- a name stands in one line of lists and of the audit trail
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'must not contain control characters');
const descriptionSchema = z.string().trim().max(2_000);

/** Runs and data sets that belong together, and who may see them. */
export const projectSchema = z
  .object({
    id: idSchema,
    created_at: timestampSchema,
    name: z.string(),
    description: z.string(),
    is_default: z.boolean().meta({ description: 'What names no project belongs to it; it cannot be deleted' }),
    is_open: z.boolean().meta({
      description: 'Everybody who has an account takes part with the role of the account, without being a member',
    }),
    role: userRoleSchema.meta({ description: 'What the caller may do in the project' }),
    datasets: z.int().meta({ description: 'Data sets in it that are not deleted' }),
    runs: z.int().meta({ description: 'Runs in it that are not deleted' }),
    members: z.int(),
  })
  .meta({ id: 'Project' });
export type Project = z.infer<typeof projectSchema>;
export const projectListSchema = z.object({ items: z.array(projectSchema) }).meta({ id: 'ProjectList' });

export const projectMemberSchema = z
  .object({ user_id: idSchema, name: z.string(), role: userRoleSchema, is_disabled: z.boolean() })
  .meta({ id: 'ProjectMember' });
export type ProjectMember = z.infer<typeof projectMemberSchema>;

export const projectDetailSchema = projectSchema
  .omit({ members: true })
  .extend({ members: z.array(projectMemberSchema).meta({ description: 'By name' }) })
  .meta({ id: 'ProjectDetail' });
export type ProjectDetail = z.infer<typeof projectDetailSchema>;

export const projectCreateSchema = z
  .object({
    name: projectNameSchema,
    description: descriptionSchema.default(''),
    is_open: z.boolean().default(false),
  })
  .strict()
  .meta({ id: 'ProjectCreate' });
export type ProjectCreate = z.infer<typeof projectCreateSchema>;

export const projectPatchSchema = z
  .object({
    name: projectNameSchema.optional(),
    description: descriptionSchema.optional(),
    is_open: z.boolean().optional(),
  })
  .strict()
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), 'names nothing to change')
  .meta({ id: 'ProjectPatch' });
export type ProjectPatch = z.infer<typeof projectPatchSchema>;

/** Makes a user a member, or changes what a member may do. */
export const projectMemberPutSchema = z
  .object({ name: z.string().trim().min(1).max(100).meta({ description: 'Name of the user' }), role: userRoleSchema })
  .strict()
  .meta({ id: 'ProjectMemberPut' });
export type ProjectMemberPut = z.infer<typeof projectMemberPutSchema>;
