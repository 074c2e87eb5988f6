import { resolve } from 'node:path';
import { z } from 'zod';
import { resumePolicies } from '@gan-dashboard/shared-types';
import type { ResumePolicy } from '@gan-dashboard/shared-types';
import { readAuthConfig, secretIn } from './auth-config';
import type { AuthConfig } from './auth-config';
import { notificationShape, notificationsOf } from './notification-config';
import type { NotificationConfig } from './notification-config';
import { retentionOf, retentionShape } from './retention-config';
import type { RetentionConfig } from './retention-config';
import { tracingOf, tracingShape } from './tracing-config';
import type { TracingConfig } from './tracing-config';
import { readStorageConfig } from '../files/storage-config';
import type { StorageConfig } from '../files/storage-config';

/** Injection token of the configuration: `@Inject(APP_CONFIG) config: AppConfig`. */
export const APP_CONFIG = Symbol('APP_CONFIG');

const port = z.coerce.number().int().min(0).max(65_535);
const bytes = (fallback: number) => z.coerce.number().int().min(1).default(fallback);

/** Their values, which may hold a password, never appear in a message. */
const secrets = ['DATABASE_URL', 'SMTP_URL', 'OTEL_EXPORTER_OTLP_HEADERS'];

/** `web` answers requests, `worker` trains, `all` does both. */
export const roles = ['all', 'web', 'worker'] as const;
export type Role = (typeof roles)[number];

/** What is read here; `configuration-reference.ts` says it in words, and a test that both agree. */
export const environmentSchema = z.object({
  ROLE: z.enum(roles).default('all'),
  PORT: port.default(8081),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://')
    .optional(),
  BASE_PATH: z
    .string()
    .regex(/^(\/[A-Za-z0-9._~-]+)*\/?$/, 'must look like /tools/gan')
    .default(''),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  LOG_FORMAT: z.enum(['text', 'json']).default('text'),
  MIN_FREE_DISK_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(256 * 1024 ** 2),
  MAX_UPLOAD_BYTES: bytes(2 * 1024 ** 3),
  MAX_CONCURRENT_RUNS: z.coerce.number().int().min(1).max(1_000).optional(),
  WORKER_CORES_PER_RUN: z.coerce.number().min(0.1).max(1_024).default(1),
  WORKER_MEMORY_PER_RUN_MB: z.coerce.number().int().min(64).default(1_024),
  RESOURCE_INTERVAL_SECONDS: z.coerce.number().min(1).max(3_600).default(5),
  RESUME_POLICY: z.enum(resumePolicies).default('auto'),
  CONTROL_WAIT_SECONDS: z.coerce.number().min(0).max(300).default(10),
  TRAINERS_FILE: z.string().optional(),
  EXTERNAL_RUN_SILENCE_SECONDS: z.coerce.number().min(1).max(86_400).default(90),
  EVENT_RETENTION_DAYS: z.coerce.number().min(0).max(3_650).default(7),
  CHECKPOINTS_KEEP_LAST: z.coerce.number().int().min(0).max(100_000).default(3),
  SAMPLE_GATE_MAX_EXACT_SHARE: z.coerce.number().min(0).max(1).optional(),
  SAMPLE_GATE_MIN_DCR_SHARE: z.coerce.number().min(0).max(1).optional(),
  TABLE_MEMORY_MB: z.coerce.number().int().min(128).default(512),
  // Read by the trainer processes themselves, also those of the command line; checked here so that a mistake shows at the start.
  TRAINING_ROWS_MEMORY_MB: z.coerce.number().int().min(0).default(512),
  TRAINING_LANES: z.enum(['auto', '4']).default('auto'),
  ALLOW_NETWORK_WITHOUT_AUTH: z.enum(['', 'yes-everyone-may-use-this-server']).default(''),
  DELETED_RUNS_KEPT_DAYS: z.coerce.number().min(0).max(36_500).default(30),
  ...retentionShape,
  ...notificationShape,
  ...tracingShape,
});

export interface AppConfig {
  readonly role: Role;
  /** First port to try; the next free one is taken. */
  readonly port: number;
  readonly host: string;
  /** How people sign on, and who may do what. */
  readonly auth: AuthConfig;
  /** Absolute folder of the database, data sets, checkpoints, samples and logs. */
  readonly dataDir: string;
  /** Another PostgreSQL server (15 or later); absent: the embedded one. */
  readonly databaseUrl: string | undefined;
  /** '' or '/tools/gan', without a slash at the end. */
  readonly basePath: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** What the terminal gets: lines for people, or one JSON object a line. */
  readonly logFormat: 'text' | 'json';
  /** With less room in the data folder the process is not ready. */
  readonly minFreeDiskBytes: number;
  readonly maxUploadBytes: number;
  /** Runs that this process trains at a time; absent: as many as fit on the machine. */
  readonly maxConcurrentRuns: number | undefined;
  readonly workerCoresPerRun: number;
  readonly workerMemoryPerRunMb: number;
  /** Between two measurements of the machine and of each run that this process trains. */
  readonly resourceIntervalSeconds: number;
  /** What happens to a run whose process has gone, where the run itself does not say. */
  readonly resumePolicy: ResumePolicy;
  /** How long a request to pause, resume, stop or save a run waits for the process that works on it. */
  readonly controlWaitMs: number;
  /** File of the programs that may train runs; undefined: `trainers.yaml` in the data folder, where there is one. */
  readonly trainersFile: string | undefined;
  /** An external run that says nothing for so long is interrupted. */
  readonly externalRunSilenceMs: number;
  /** How long the events of a run are kept after its end. */
  readonly eventRetentionDays: number;
  /** Where data sets, checkpoints and samples are kept. */
  readonly storage: StorageConfig;
  /** Checkpoints of a run that are kept besides its best and pinned ones; 0: all. */
  readonly checkpointsKeepLast: number;
  /** What the rows of a sample must keep to be downloaded; a limit that is undefined is not asked for. */
  readonly sampleGate: { readonly maxExactShare: number | undefined; readonly minDcrShare: number | undefined };
  /** What is removed by age, number and size. */
  readonly retention: RetentionConfig;
  /** How long the files of a deleted run are kept. */
  readonly deletedRunsKeptMs: number;
  readonly notifications: NotificationConfig;
  readonly tracing: TracingConfig;
  /** Buffer pool of the DuckDB child process, in MiB. */
  readonly tableMemoryMb: number;
}

/** Every mistake in the environment, one line each. */
export class ConfigurationError extends Error {
  constructor(readonly mistakes: readonly string[]) {
    super(`the configuration has ${mistakes.length} mistake(s):\n${mistakes.map((line) => `  - ${line}`).join('\n')}`);
    this.name = 'ConfigurationError';
  }
}

/** Addresses and names of this machine that no other reaches. */
export const loopback = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/**
 * Reads the configuration from environment variables.
 *
 * @throws ConfigurationError naming each variable that is wrong, its value and what is allowed.
 */
export function readConfig(environment: NodeJS.ProcessEnv): AppConfig {
  const known = Object.fromEntries(
    Object.keys(environmentSchema.shape).map((name) => [
      name,
      environment[name] === '' ? undefined : environment[name],
    ]),
  );
  const fileMistakes: string[] = [];
  for (const name of secrets) {
    const file = environment[`${name}_FILE`];
    if (file && known[name] === undefined) known[name] = secretIn(`${name}_FILE`, file, fileMistakes);
  }
  const parsed = environmentSchema.safeParse(known);
  const mistakes = parsed.success
    ? []
    : parsed.error.issues.map((issue) => {
        const name = issue.path.join('.');
        const value = secrets.includes(name) ? '(hidden)' : JSON.stringify(known[name]);
        return `${name}=${value}: ${issue.message}`;
      });
  const { storage, mistakes: storageMistakes } = readStorageConfig(environment);
  const { auth, mistakes: authMistakes } = readAuthConfig(environment);
  mistakes.push(...fileMistakes, ...storageMistakes, ...authMistakes);
  const isOpen = auth.mode === 'none' && parsed.success && !parsed.data.ALLOW_NETWORK_WITHOUT_AUTH;
  if (isOpen && !loopback.test(parsed.data.HOST)) {
    mistakes.push(
      `HOST=${JSON.stringify(parsed.data.HOST)}: there is no sign-on (AUTH=none), so the server listens on loopback ` +
        'only; set AUTH=local, proxy or oidc, or ALLOW_NETWORK_WITHOUT_AUTH=yes-everyone-may-use-this-server',
    );
  }
  if (!parsed.success || mistakes.length > 0) throw new ConfigurationError(mistakes);
  const values = parsed.data;
  return {
    role: values.ROLE,
    port: values.PORT,
    host: values.HOST,
    auth,
    dataDir: resolve(values.DATA_DIR),
    databaseUrl: values.DATABASE_URL,
    basePath: values.BASE_PATH.replace(/\/+$/, ''),
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT,
    minFreeDiskBytes: values.MIN_FREE_DISK_BYTES,
    maxUploadBytes: values.MAX_UPLOAD_BYTES,
    maxConcurrentRuns: values.MAX_CONCURRENT_RUNS,
    workerCoresPerRun: values.WORKER_CORES_PER_RUN,
    workerMemoryPerRunMb: values.WORKER_MEMORY_PER_RUN_MB,
    resourceIntervalSeconds: values.RESOURCE_INTERVAL_SECONDS,
    resumePolicy: values.RESUME_POLICY,
    controlWaitMs: values.CONTROL_WAIT_SECONDS * 1_000,
    trainersFile: values.TRAINERS_FILE === undefined ? undefined : resolve(values.TRAINERS_FILE),
    externalRunSilenceMs: values.EXTERNAL_RUN_SILENCE_SECONDS * 1_000,
    eventRetentionDays: values.EVENT_RETENTION_DAYS,
    storage,
    checkpointsKeepLast: values.CHECKPOINTS_KEEP_LAST,
    sampleGate: { maxExactShare: values.SAMPLE_GATE_MAX_EXACT_SHARE, minDcrShare: values.SAMPLE_GATE_MIN_DCR_SHARE },
    retention: retentionOf(values),
    deletedRunsKeptMs: values.DELETED_RUNS_KEPT_DAYS * 86_400_000,
    notifications: notificationsOf(values),
    tracing: tracingOf(values),
    tableMemoryMb: values.TABLE_MEMORY_MB,
  };
}
