import type { QueuePlace } from '../run-mapper';

/** What the order of the queue and the next starts follow from. */
export interface QueueState {
  /** Ids of the runs that wait, the next one first. */
  queued: readonly string[];
  /** Processes that live and take runs. */
  workers: readonly { workerId: string; slots: number }[];
  /** Runs at work; `etaSeconds` is null where the remaining time is unknown. */
  working: readonly { workerId: string | null; etaSeconds: number | null }[];
  now: Date;
}

/**
 * Place and expected start of each waiting run. The first runs get the slots that are free and those that become free
 * when the runs at work end. How long a waiting run will take is not known, so a run that can only start after another
 * waiting one has no expected start; nor has one that waits for a slot whose run does not say how long it takes.
 */
export function queuePlaces({ queued, workers, working, now }: QueueState): Map<string, QueuePlace> {
  const waits = workers
    .flatMap(({ workerId, slots }) =>
      waitsForSlots(
        slots,
        working.filter((run) => run.workerId === workerId),
      ),
    )
    .sort((one, other) => one - other);
  return new Map(
    queued.map((id, index) => {
      const wait = waits[index] ?? Infinity;
      const place: QueuePlace = { position: index + 1 };
      if (wait !== Infinity) place.expectedStartAt = new Date(now.getTime() + wait * 1_000);
      return [id, place];
    }),
  );
}

/** Seconds until each slot of a worker is free; `Infinity` where that is unknown. */
function waitsForSlots(slots: number, working: readonly { etaSeconds: number | null }[]): number[] {
  const ends = working.map(({ etaSeconds }) => Math.max(0, etaSeconds ?? Infinity)).sort((one, other) => one - other);
  const free = Math.max(0, slots - ends.length);
  // With more runs than slots the first of them end without making room.
  return [...Array.from({ length: free }, () => 0), ...ends.slice(Math.max(0, ends.length - slots))];
}
