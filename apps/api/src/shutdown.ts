import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { DatabaseServer } from './platform/database/database-server';
import { ConnectionDrain } from './platform/http/connection-drain';
import type { AppLogger } from './platform/logging/app-logger';
import { RunLauncher } from './training/run-launcher';

/** A shutdown that takes longer than this is cut short: trainers save their state, which may take a while. */
const deadlineMs = 45_000;
/** After the second signal trainers are killed; what is left then needs no longer than this. */
const hastyDeadlineMs = 5_000;
/** A download or an upload that is under way when the trainers have ended and nothing new is accepted. */
const requestGraceMs = 5_000;

/** Ends the process in order. */
class Shutdown {
  private readonly connections: ConnectionDrain;
  private hasBegun = false;

  constructor(
    private readonly app: INestApplication,
    private readonly logger: AppLogger,
  ) {
    this.connections = new ConnectionDrain(app.getHttpServer() as Server);
  }

  /** The first signal: runs save their state and are left to another worker. The next ones: they are killed. */
  onSignal(signal: string): void {
    if (this.hasBegun) this.hasten(signal);
    else this.begin(signal);
  }

  begin(cause: string): void {
    if (this.hasBegun) return;
    this.hasBegun = true;
    this.logger.log(`stopping (${cause})`, 'Main');
    this.cutShortAfter(deadlineMs);
    shutDown(this.app, this.connections).then(
      () => process.exit(0),
      (error: unknown) => {
        this.logger.error(error, 'Main');
        process.exit(1);
      },
    );
  }

  private hasten(cause: string): void {
    this.logger.warn(`stopping at once (${cause}): runs go on from their last checkpoint`, 'Main');
    this.cutShortAfter(hastyDeadlineMs);
    killTrainers(this.app.get(RunLauncher));
  }

  private cutShortAfter(ms: number): void {
    setTimeout(() => {
      this.logger.error('the shutdown took too long and was cut short', 'Main');
      process.exit(1);
    }, ms).unref();
  }
}

/** The first SIGINT or SIGTERM begins the shutdown, the next one hastens it. */
export function shutDownOnSignals(app: INestApplication, logger: AppLogger): void {
  const shutdown = new Shutdown(app, logger);
  process.on('SIGINT', () => shutdown.onSignal('SIGINT'));
  process.on('SIGTERM', () => shutdown.onSignal('SIGTERM'));
  // Started by tools/start.mjs: when that is killed, the server must not stay behind.
  if (process.env['GAN_DASHBOARD_SUPERVISED'] === '1') {
    process.once('disconnect', () => shutdown.begin('the launcher has gone'));
  }
}

/** Streams and trainers first, then HTTP, then the database. */
async function shutDown(app: INestApplication, connections: ConnectionDrain): Promise<void> {
  const database = app.get(DatabaseServer);
  const stopClosing = connections.begin(requestGraceMs);
  try {
    await app.close();
  } finally {
    stopClosing();
    await database.stop();
  }
}

function killTrainers(launcher: RunLauncher): void {
  for (const runId of launcher.workingRunIds) {
    const pid = launcher.supervisorOf(runId)?.pid;
    if (pid === undefined) continue;
    try {
      // With all that it has started: a trainer leads a group of its own where there are groups.
      process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
    } catch {
      // It has ended by itself in the meantime.
    }
  }
}
