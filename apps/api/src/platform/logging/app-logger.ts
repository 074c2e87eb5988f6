import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LoggerService } from '@nestjs/common';
import { multistream, pino } from 'pino';
import type { Level, Logger } from 'pino';
import { createStream } from 'rotating-file-stream';
import type { AppConfig } from '../configuration/app-config';
import { idsOfLine } from './request-context';

/** A password inside a connection URL never reaches a log. */
export function withoutSecrets(text: string): string {
  return text.replace(/(\w+:\/\/[^\s:/@]+:)[^\s@/]+@/g, '$1***@');
}

const rotation = { size: '10M', maxFiles: 5, compress: 'gzip' } as const;

/**
 * The server's log: readable lines on the terminal (JSON with `LOG_FORMAT=json`), and JSON lines in `dashboard.log` (from
 * `info` on) and `dashboard_debug.log` (everything), each rotated at 10 MB with five old files kept.
 */
export class AppLogger implements LoggerService {
  private readonly logger: Logger;
  private readonly terminalLevel: number;
  private readonly isJson: boolean;

  constructor(config: Pick<AppConfig, 'dataDir' | 'logLevel' | 'logFormat'>) {
    const folder = join(config.dataDir, 'logs');
    mkdirSync(folder, { recursive: true });
    const file = (name: string) => createStream(name, { ...rotation, path: folder });
    this.isJson = config.logFormat === 'json';
    this.terminalLevel = pino.levels.values[config.logLevel] ?? 30;
    this.logger = pino(
      { level: 'debug', base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
      multistream([
        { level: 'info', stream: file('dashboard.log') },
        { level: 'debug', stream: file('dashboard_debug.log') },
      ]),
    );
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  /** Nest passes the context last; a stack may stand before it. */
  private write(level: Level, message: unknown, rest: unknown[]): void {
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
    const text = withoutSecrets(message instanceof Error ? (message.stack ?? message.message) : textOf(message));
    const fields = { context, ...idsOfLine(text), ...(stack ? { stack: withoutSecrets(stack) } : {}) };
    this.logger[level](fields, text);
    // Nest reports the mapping of every route; that is for the debug log.
    const isRoutine = level === 'info' && routineContexts.has(context ?? '');
    const shown = pino.levels.values[isRoutine ? 'debug' : level] ?? 30;
    if (shown < this.terminalLevel) return;
    const time = new Date().toISOString();
    const line = this.isJson
      ? `${JSON.stringify({ level, time, pid: process.pid, ...fields, msg: text })}\n`
      : `${time} ${level.padEnd(5)} ${context ? `[${context}] ` : ''}${text}\n`;
    (level === 'error' || level === 'warn' ? process.stderr : process.stdout).write(line);
  }
}

const routineContexts = new Set([
  'RouterExplorer',
  'RoutesResolver',
  'InstanceLoader',
  'NestFactory',
  'NestApplication',
]);

function textOf(message: unknown): string {
  return typeof message === 'string' ? message : JSON.stringify(message);
}
