/** A variable, or several that belong together; the words are Markdown. */
export interface DocumentedVariables {
  readonly names: readonly string[];
  /** What holds where none is given. */
  readonly fallback: string;
  readonly meaning: string;
}

export interface ReferenceSection {
  readonly title: string;
  readonly intro: string;
  readonly variables: readonly DocumentedVariables[];
  /** What stands below the table. */
  readonly outro?: string;
}

/** Every variable in words: `docs/configuration.md` and `--help` are made of it. */
export const configurationReference: readonly ReferenceSection[] = [
  {
    title: 'Configuration',
    intro: [
      'The server reads environment variables at start. All mistakes are reported at once, each with its name, its value and',
      'what is allowed, and the server does not start. An empty variable counts as absent.',
    ].join('\n'),
    variables: [
      {
        names: ['ROLE'],
        fallback: '`all`',
        meaning:
          '`web` answers requests, `worker` trains and draws samples, `all` does both. See [several processes](deploy/scale-out.md).',
      },
      {
        names: ['PORT'],
        fallback: '`8081`',
        meaning: 'First port to try; the next free one is taken and printed. `0`: any.',
      },
      {
        names: ['HOST'],
        fallback: '`127.0.0.1`',
        meaning: 'Address to listen on. Anything but loopback needs sign-on (`AUTH`), or `ALLOW_NETWORK_WITHOUT_AUTH`.',
      },
      { names: ['DATA_DIR'], fallback: '`./data`', meaning: 'Database, data sets, checkpoints, samples and logs.' },
      {
        names: ['DATABASE_URL'],
        fallback: 'the embedded PostgreSQL',
        meaning:
          'Another PostgreSQL server, 15 or later: `postgres://user:password@host:5432/database`. Processes on several machines need one.',
      },
      {
        names: ['BASE_PATH'],
        fallback: 'none',
        meaning:
          'Prefix under which a proxy serves the dashboard, such as `/tools/gan`. Works whether the proxy strips it or not.',
      },
      {
        names: ['LOG_LEVEL'],
        fallback: '`info`',
        meaning:
          'What the terminal shows: `debug`, `info`, `warn`, `error`. The files in `DATA_DIR/logs` are not affected.',
      },
      {
        names: ['LOG_FORMAT'],
        fallback: '`text`',
        meaning:
          'What the terminal gets: `text` for people, `json` for what collects logs: one object a line with `level`, `time`, `context`, `msg`, and `request_id` and `run_id` where they are known.',
      },
      {
        names: ['OTEL_EXPORTER_OTLP_ENDPOINT'],
        fallback: 'none',
        meaning:
          'Collector that takes OpenTelemetry traces as OTLP over HTTP, such as `http://collector:4318`. Without it nothing is traced.',
      },
      {
        names: ['OTEL_EXPORTER_OTLP_HEADERS'],
        fallback: 'none',
        meaning:
          'Headers for the collector, `name=value,name=value`, values in percent-encoding. Also as `OTEL_EXPORTER_OTLP_HEADERS_FILE`.',
      },
      { names: ['OTEL_SERVICE_NAME'], fallback: '`gan-dashboard`', meaning: 'The name of this service in traces.' },
      {
        names: ['OTEL_TRACES_SAMPLER_ARG'],
        fallback: '`1`',
        meaning:
          'Share of the traces that begin here and are sent, 0 to 1; a caller with a `traceparent` decides itself.',
      },
      {
        names: ['MIN_FREE_DISK_BYTES'],
        fallback: '`268435456`',
        meaning: 'With less room than this in `DATA_DIR` `/readyz` answers 503 (256 MiB).',
      },
      { names: ['MAX_UPLOAD_BYTES'], fallback: '`2147483648`', meaning: 'Largest CSV file that is taken (2 GiB).' },
      {
        names: ['MAX_CONCURRENT_RUNS'],
        fallback: 'as many as fit',
        meaning:
          'Trainings at a time in this process; the others wait in the queue. Absent: as many as have their cores and memory on this machine (of the container, where it has limits), but one at least.',
      },
      { names: ['WORKER_CORES_PER_RUN'], fallback: '`1`', meaning: 'Cores that a training needs, for that number.' },
      {
        names: ['WORKER_MEMORY_PER_RUN_MB'],
        fallback: '`1024`',
        meaning: 'Memory that a training needs, in MiB, for that number.',
      },
      {
        names: ['RESOURCE_INTERVAL_SECONDS'],
        fallback: '`5`',
        meaning: 'How often the machine and the processes of each run are measured.',
      },
      {
        names: ['RESUME_POLICY'],
        fallback: '`auto`',
        meaning:
          'What happens to a run whose process has gone, where the run itself does not say: `auto` goes on from its last checkpoint, `ask` waits until somebody resumes it, `never` refuses that too (fork or retry it).',
      },
      {
        names: ['CONTROL_WAIT_SECONDS'],
        fallback: '`10`',
        meaning:
          'How long a request to stop, pause, resume or save a run waits for the process that works on it before it answers with the run as it is.',
      },
      {
        names: ['TRAINERS_FILE'],
        fallback: '`trainers.yaml` in `DATA_DIR`',
        meaning: 'Programs that people may train with; see [any trainer](any-trainer.md).',
      },
      {
        names: ['EXTERNAL_RUN_SILENCE_SECONDS'],
        fallback: '`90`',
        meaning: 'A run from outside that says nothing for so long is interrupted; it goes on when it reports again.',
      },
      {
        names: ['EVENT_RETENTION_DAYS'],
        fallback: '`7`',
        meaning: 'How long the events of a run are kept after its end. Metrics and logs stay.',
      },
      {
        names: ['TABLE_MEMORY_MB'],
        fallback: '`512`',
        meaning: 'Memory for reading one CSV file, in MiB. Tables of more than 1,000 columns need more.',
      },
      {
        names: ['TRAINING_ROWS_MEMORY_MB'],
        fallback: '`512`',
        meaning:
          'Memory for the encoded rows of a training, in MiB: some 20 bytes a number and 12 a category and row. Larger tables are read from files beside the checkpoints: slower, the same result to the bit.',
      },
      {
        names: ['TRAINING_LANES'],
        fallback: '`auto`',
        meaning:
          'Numbers that the fused engine computes at once: 8 where V8 can and a check at the start finds every bit equal, else 4. `4` leaves that out: slower, the same result to the bit.',
      },
      {
        names: ['ALLOW_NETWORK_WITHOUT_AUTH'],
        fallback: 'none',
        meaning:
          '`yes-everyone-may-use-this-server` with `AUTH=none` lets `HOST` be any address. Put a proxy that authenticates before it.',
      },
    ],
  },
  {
    title: 'Who may use it',
    intro: [
      '`AUTH` says how people sign on; what each role may do, and how the rest works, stands in [security](security.md). A secret',
      'may be given as the name of a file: `OIDC_CLIENT_SECRET_FILE`. Lists are separated by commas.',
    ].join('\n'),
    variables: [
      {
        names: ['AUTH'],
        fallback: '`none`',
        meaning:
          '`none`: whoever reaches the server may do everything. `local`: names and passwords kept here. `oidc`: a provider signs people on. `proxy`: a proxy in front does, and names them in headers.',
      },
      {
        names: ['PUBLIC_URL'],
        fallback: 'none',
        meaning:
          'Where browsers reach the dashboard, with `BASE_PATH`, such as `https://gan.example.com/tools/gan`. `oidc` needs it; with `https` cookies are sent over TLS only.',
      },
      {
        names: ['TRUSTED_PROXIES'],
        fallback: 'none',
        meaning:
          'Addresses and networks of proxies (`10.0.0.5,10.1.0.0/16`) whose `X-Forwarded-For`, `X-Forwarded-Proto` and identity headers are believed. `proxy` needs it.',
      },
      {
        names: ['ALLOWED_HOSTS'],
        fallback: 'none',
        meaning:
          "With `AUTH=none` on loopback: names besides `localhost` by which browsers may address the server's own port.",
      },
      {
        names: ['ADMIN_NAME', 'ADMIN_PASSWORD_FILE'],
        fallback: '`admin`; a token is printed',
        meaning:
          '`local`: the first administrator, made at the first start from a file that holds the password (12 characters at least). Without it the terminal shows a token with which to make one.',
      },
      {
        names: ['SESSION_IDLE_MINUTES', 'SESSION_MAX_HOURS'],
        fallback: '`720`, `168`',
        meaning: 'A session ends after so long without a request, and so long after the sign-in.',
      },
      {
        names: ['MAX_STREAMS_PER_USER'],
        fallback: '`50`',
        meaning:
          'Event streams and WebSockets that a user may have open in one process; with `AUTH=none` there is no limit.',
      },
      {
        names: ['RATE_LIMIT_PER_MINUTE'],
        fallback: '`3000`',
        meaning: 'Requests that a user, or an address that has not signed on, may send in a minute; `0`: any number.',
      },
      {
        names: ['MAX_STORED_BYTES_PER_USER'],
        fallback: '`0`',
        meaning: "Size of a user's data sets, and of the samples of the user's runs, in bytes; `0`: any.",
      },
      {
        names: ['PROXY_USER_HEADER', 'PROXY_GROUPS_HEADER'],
        fallback: '`X-Forwarded-User`, `X-Forwarded-Groups`',
        meaning: '`proxy`: headers with the name, and with the groups separated by commas.',
      },
      {
        names: ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'],
        fallback: 'none',
        meaning:
          '`oidc`: the provider and how it knows the dashboard. Without a secret the client is public. Redirect address: `PUBLIC_URL` + `/api/v1/session/oidc/callback`.',
      },
      {
        names: ['OIDC_SCOPES', 'OIDC_GROUPS_CLAIM'],
        fallback: '`openid profile email`, `groups`',
        meaning: 'What is asked for, and the claim that holds the groups.',
      },
      {
        names: ['ADMINISTRATOR_GROUPS', 'TRAINER_GROUPS', 'VIEWER_GROUPS'],
        fallback: 'none',
        meaning: '`proxy`, `oidc`: groups that are given the role; the highest counts.',
      },
      {
        names: ['ADMINISTRATOR_USERS'],
        fallback: 'none',
        meaning:
          '`proxy`, `oidc`: names that are administrators without a group. Only names that people cannot choose themselves.',
      },
      {
        names: ['DEFAULT_ROLE'],
        fallback: '`none`',
        meaning: '`proxy`, `oidc`: role of people in none of the groups; `none`: they are not let in.',
      },
    ],
  },
  {
    title: 'The download gate of samples',
    intro: [
      'Off by default. Where one of these is set, each sample is compared with the rows that its run was trained on when it is',
      'drawn, and its file (and its first rows) can be had only if it keeps the limits; one that could not be checked, or was drawn',
      'before, is refused, too. The refusal is a 403 that names the numbers. An administrator can let a sample go all the same with',
      '`POST /api/v1/samples/{id}/gate-override` `{ reason }`, which the audit trail keeps. [reports.md](reports.md) defines both.',
      'The files of checkpoints, with which anybody draws rows that no gate sees, are then for administrators alone, and noted.',
    ].join('\n'),
    variables: [
      {
        names: ['SAMPLE_GATE_MAX_EXACT_SHARE'],
        fallback: 'none',
        meaning:
          '0 to 1: at most this share of the rows may equal a training row in every learned column. Tables of few values have such rows by chance; 100,000 rows are judged.',
      },
      {
        names: ['SAMPLE_GATE_MIN_DCR_SHARE'],
        fallback: 'none',
        meaning:
          '0 to 1: at least this share of the rows must be as far from every training row as all but the closest 5 % of real rows are from the others; 0.95 is expected, 0.8 is a mild limit.',
      },
    ],
  },
  {
    title: 'Where files are kept',
    intro: [
      'Data sets, checkpoints and samples are kept in `DATA_DIR` (`STORAGE=local`), or in a bucket of an S3-compatible service',
      '(`STORAGE=s3`). Processes on several machines need the bucket, or a `DATA_DIR` that they share. At the start the server',
      'writes, reads, lists and removes a small object, and does not start where one of these fails. A secret may also be given',
      'as the name of a file that holds it: `S3_ACCESS_KEY_ID_FILE`, `S3_SECRET_ACCESS_KEY_FILE`, `S3_SESSION_TOKEN_FILE`.',
      'Changing `STORAGE` moves no files: copy `datasets/`, `runs/`, `samples/` and `reports/` first; the keys are their paths. With',
      '`STORAGE=s3` these are not in `DATA_DIR`. Give the bucket a lifecycle rule that aborts unfinished multipart uploads: a',
      'server that is killed while it stores a large file leaves parts that only the service can see.',
    ].join('\n'),
    variables: [
      { names: ['STORAGE'], fallback: '`local`', meaning: '`local` or `s3`.' },
      { names: ['S3_BUCKET'], fallback: 'none', meaning: 'The bucket; it must exist.' },
      { names: ['S3_PREFIX'], fallback: 'none', meaning: 'Put before every key, such as `team/gan-dashboard`.' },
      {
        names: ['S3_ENDPOINT'],
        fallback: "Amazon's own",
        meaning: 'Address of the service, such as `https://s3.example.com`.',
      },
      { names: ['S3_REGION'], fallback: '`us-east-1`', meaning: 'Region of the bucket.' },
      {
        names: ['S3_PATH_STYLE'],
        fallback: '`true` where `S3_ENDPOINT` is set',
        meaning: '`true`: `https://host/bucket/key`; `false`: `https://bucket.host/key`.',
      },
      {
        names: ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'S3_SESSION_TOKEN'],
        fallback: 'the role of the machine, `AWS_*`',
        meaning: 'Credentials that may read, write, list and delete below the prefix.',
      },
      {
        names: ['S3_CACHE_BYTES'],
        fallback: '`21474836480`',
        meaning:
          'Room for copies in `DATA_DIR/cache` (20 GiB). The least recently used go first; what was used within the hour stays, so that the folder can be larger for a while.',
      },
      {
        names: ['CHECKPOINTS_KEEP_LAST'],
        fallback: '`3`',
        meaning:
          'Newest checkpoints of a run that are kept; its best and the pinned ones are kept besides, and those that a fork or a sample still needs. `0`: all.',
      },
    ],
  },
  {
    title: 'The data folder',
    intro: [
      '| path                                             | content                                                                                                                                                                                   |',
      '| ------------------------------------------------ | ----------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------- |',
      '| `postgres/`                                      | the embedded database, its password and its log; moved to `/var/lib/gan-dashboard` when the server runs as root and the folder cannot be reached by an ordinary user, and the log says so |',
      '| `csv/`                                           | CSV files put here by an administrator are listed as data sets                                                                                                                            |',
      '| `datasets/<id>/`                                 | the source as it was uploaded, and its rows as Parquet                                                                                                                                    |',
      '| `trainers.yaml`                                  | programs that people may train with                                                                                                                                                       |',
      '| `runs/<id>/config.json`, `runs/<id>/output/`     | settings and files of a program of `trainers.yaml`                                                                                                                                        |',
      '| `runs/<id>/checkpoints/`                         | checkpoints                                                                                                                                                                               |',
      '| `samples/`                                       | synthetic rows                                                                                                                                                                            |',
      '| `reports/`                                       | quality reports as JSON and HTML                                                                                                                                                          |',
      '| `incoming/`, `table-jobs/`, `work/`              | uploads, imports, trainings and samples under way on this machine; what a killed process left goes by itself                                                                              |',
      '| `cache/`                                         | copies of files of the bucket; may be deleted while the server is down                                                                                                                    |',
      "| `logs/dashboard.log`, `logs/dashboard_debug.log` | the server's log as JSON lines, rotated at 10 MB, five old files kept                                                                                                                     |",
    ].join('\n'),
    variables: [],
  },
  {
    title: 'What is removed by itself',
    intro: [
      'The files of deleted runs; nothing else, unless one of `RETENTION_*` is set. What is older than `_DAYS`, beyond the newest `_COUNT`, or beyond `_BYTES` of files is',
      'removed once a day, the oldest first; [operations](operations.md) says what is never removed, and how to see beforehand',
      'what would be.',
    ].join('\n'),
    variables: [
      {
        names: ['DELETED_RUNS_KEPT_DAYS'],
        fallback: '`30`',
        meaning: 'Days after which the files of a run that people deleted are removed.',
      },
      {
        names: ['RETENTION_RUNS_DAYS', 'RETENTION_RUNS_COUNT', 'RETENTION_RUNS_BYTES'],
        fallback: 'none',
        meaning: 'Runs that have ended, with their checkpoints and samples.',
      },
      {
        names: ['RETENTION_CHECKPOINTS_DAYS', 'RETENTION_CHECKPOINTS_COUNT', 'RETENTION_CHECKPOINTS_BYTES'],
        fallback: 'none',
        meaning: 'Files of checkpoints, over all runs.',
      },
      {
        names: ['RETENTION_SAMPLES_DAYS', 'RETENTION_SAMPLES_COUNT', 'RETENTION_SAMPLES_BYTES'],
        fallback: 'none',
        meaning: 'Samples.',
      },
      {
        names: ['RETENTION_DATASETS_DAYS', 'RETENTION_DATASETS_COUNT', 'RETENTION_DATASETS_BYTES'],
        fallback: 'none',
        meaning: 'Data sets that were uploaded or generated and that no run was trained on.',
      },
    ],
  },
  {
    title: 'Notifications',
    intro: [
      'What people are told, and how a receiver checks that a message is ours, stands in [operations](operations.md).',
    ].join('\n'),
    variables: [
      {
        names: ['SMTP_URL'],
        fallback: 'none',
        meaning:
          'The mail server: `smtp://user:password@mail.example.com:587`, or `smtps://…:465`. Without it no e-mail is sent. Also as `SMTP_URL_FILE`.',
      },
      { names: ['SMTP_FROM'], fallback: '`GAN Dashboard <gan-dashboard@localhost>`', meaning: 'Sender of e-mails.' },
      {
        names: ['WEBHOOK_ALLOWED_PRIVATE_HOSTS'],
        fallback: 'none',
        meaning:
          'Host names and addresses inside the company that webhooks may go to, separated by commas; all other private, loopback and link-local addresses are refused.',
      },
    ],
  },
];
