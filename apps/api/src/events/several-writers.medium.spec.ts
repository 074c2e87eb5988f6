import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { logLine, progress, update } from '../testing/builders';
import { FakeRuns, WorkingRun, startEventServer } from '../testing/event-server';
import type { EventServer } from '../testing/event-server';
import { SseReader } from '../testing/sse-reader';
import { createTestDataSource } from '../testing/test-data-source';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
/** What a client of the documentation makes of the events of a run. */
const firstOf = (seqs: readonly number[]): number[] => seqs.filter((seq, index) => seqs.indexOf(seq) === index);

describe('two replicas that write to the same run', () => {
  const dataSources: DataSource[] = [];
  const servers: EventServer[] = [];
  const runs = new FakeRuns();
  let closeDatabase: () => Promise<void>;
  let writers: WorkingRun[];
  let runId: string;

  beforeAll(async () => {
    const { dataSource, close } = await createTestDataSource();
    closeDatabase = close;
    dataSources.push(dataSource, await new DataSource({ ...dataSource.options, migrationsRun: false }).initialize());
    for (const source of dataSources) servers.push(await startEventServer(source, runs));
  });
  afterAll(async () => {
    await Promise.all(servers.map(({ app }) => app.close()));
    await dataSources[1]?.destroy();
    await closeDatabase();
  });
  beforeEach(() => {
    runId = randomUUID();
    // The second replica has two writers of its own: an owner's and the one that its other parts share.
    writers = [0, 1, 1].map((index) => new WorkingRun(serverAt(index), runs, undefined, runId));
  });

  function serverAt(index: number): EventServer {
    const server = servers[index];
    if (!server) throw new Error(`there is no replica ${index}`);
    return server;
  }

  async function writeAll(rounds: number): Promise<number> {
    const events = [update, progress, logLine];
    let count = 0;
    await Promise.all(
      writers.map(async (writing, index) => {
        const writer = await writing.open();
        for (let round = 0; round < rounds; round++) {
          const event = (events[(index + round) % 3] ?? update)(1 + (round % 99));
          count++;
          await writer.write([event]);
        }
      }),
    );
    return count;
  }

  const isOfRun = (message: object): message is { run_id: string; seq: number } =>
    'seq' in message && 'run_id' in message && message.run_id === runId;
  const seqsOf = ({ messages }: SseReader): number[] =>
    messages.flatMap((message) => (isOfRun(message) ? [message.seq] : []));

  it('gives clients that were there from the start every event once and in order', async () => {
    const paths = [`/events?run=${runId}`, '/events'];
    const readers = await Promise.all(
      servers.flatMap(({ url }) => paths.map((path) => SseReader.open(`${url}${path}`))),
    );
    const count = await writeAll(80);
    for (const reader of readers) {
      await reader.until((one) => seqsOf(one).length >= count);
      expect(seqsOf(reader)).toEqual(upTo(count));
      reader.close();
    }
  });

  it('gives clients that come in between every event, in order once repeats are left out', async () => {
    const writing = writeAll(100);
    const readers: SseReader[] = [];
    for (let index = 0; index < 24; index++) {
      const path = index % 3 === 0 ? '/events' : `/events?run=${runId}`;
      readers.push(await SseReader.open(`${serverAt(index % 2).url}${path}`, { 'last-event-id': '0' }));
    }
    const count = await writing;
    for (const reader of readers) {
      await reader.until((one) => new Set(seqsOf(one)).size === count);
      const seqs = seqsOf(reader);
      // As a client does it: whatever is not higher than the highest so far is a repeat.
      const taken = seqs.filter((seq, index) => seqs.slice(0, index).every((before) => before < seq));
      expect(taken).toEqual(upTo(count));
      expect(firstOf(seqs)).toEqual(taken);
      reader.close();
    }
  });

  it('leaves no hole where a replica that knows nothing of a run writes to it at once after another', async () => {
    const first = new WorkingRun(serverAt(0), runs, undefined, runId);
    await first.write(50);
    const late = await startEventServer(serverAt(1).app.get(DataSource), runs);
    const reader = await SseReader.open(`${late.url}/events?run=${runId}`);
    await reader.until(({ frames }) => frames.length > 0);
    const own = new WorkingRun(late, runs, undefined, runId);
    await own.open();
    // No time for the late replica to hear of the other's event before it has one of its own.
    await first.write(1);
    await own.write(1);
    await reader.until((one) => seqsOf(one).length === 2);
    expect(seqsOf(reader)).toEqual([51, 52]);
    await late.app.close();
  });
});
