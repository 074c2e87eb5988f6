import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { RunMessage } from '@gan-dashboard/shared-types';
import { EventHub } from '../src/events/event-hub';
import { EventLog } from '../src/events/event-log';
import { EventReplay } from '../src/events/event-replay';
import { EventStreamsService } from '../src/events/event-streams.service';
import { EventsController } from '../src/events/events.controller';
import { RUN_DIRECTORY } from '../src/events/run-directory';
import type { RunDirectory, RunSnapshot } from '../src/events/run-directory';
import { validationPipe } from '../src/platform/http/validation.pipe';

/**
 * The product's event routes and hub, without a database: what is measured is the way from the hub to the sockets.
 * `POST /pub` publishes its body as the message of a status.
 */
const runId = randomUUID();
const run: RunSnapshot = { runId, status: 'running', message: 'at work', lastSeq: 0 };
const directory: RunDirectory = {
  snapshot: (id) => Promise.resolve(id === runId ? run : undefined),
  active: () => Promise.resolve([run]),
};

@Module({
  controllers: [EventsController],
  providers: [
    { provide: EventLog, useValue: {} },
    { provide: RUN_DIRECTORY, useValue: directory },
    EventHub,
    EventReplay,
    EventStreamsService,
  ],
})
class EventBenchModule {}

const app = await NestFactory.create<NestExpressApplication>(EventBenchModule, {
  logger: ['error'],
  bodyParser: false,
});
app.useGlobalPipes(validationPipe());
const hub = app.get(EventHub);
let seq = 0;
/** Read by hand: a body parser for each message would be counted as delivery. */
async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function publish(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await bodyOf(request);
  const message: RunMessage = {
    type: 'status_update',
    run_id: runId,
    seq: ++seq,
    prev_seq: seq - 1,
    timestamp: new Date().toISOString(),
    data: { status: 'running', message: text },
  };
  hub.publish([message]);
  response.writeHead(204).end();
}

app.use('/pub', (request: IncomingMessage, response: ServerResponse) => void publish(request, response));
process.on('SIGTERM', () => process.exit(0));
await app.listen(Number(process.argv[2] ?? 0), '127.0.0.1');
const { port } = app.getHttpServer().address() as { port: number };
console.log(JSON.stringify({ port, path: `/events/training?run=${runId}` }));
