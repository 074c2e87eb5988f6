import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line of a piece of work carries. */
export interface LogContext {
  readonly request_id?: string;
  readonly run_id?: string;
  readonly trace_id?: string;
}

const current = new AsyncLocalStorage<LogContext>();

/** What `work` and all that it gives rise to writes to the log carries these ids besides those it has. */
export function withLogContext<Result>(context: LogContext, work: () => Result): Result {
  return current.run({ ...current.getStore(), ...context }, work);
}

export function logContext(): LogContext {
  return current.getStore() ?? {};
}

const runIdInText = /\brun ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b/;

/** The ids of a line: those of the work that it belongs to, else the run that its words name. */
export function idsOfLine(text: string): LogContext {
  const context = logContext();
  const named = context.run_id ?? runIdInText.exec(text)?.[1];
  return named === undefined ? context : { ...context, run_id: named };
}
