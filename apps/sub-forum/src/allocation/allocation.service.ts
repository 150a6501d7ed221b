import { Injectable } from '@nestjs/common';
import type { Tx } from '@plenary/messaging';
import {
  allocate,
  type Allocation as Decision,
  type QueueItem,
  releaseAll,
  type SeatQueue,
  settle,
} from './allocate.rules';
import { type Demand, type LockedQueue, lockQueues, withSeats, write } from './seats.store';

/** Applies the rules of `allocate.rules.ts` to the stored queues, under the locks of their sub-forums. */
@Injectable()
export class Allocation {
  /**
   * Takes requests as they came from the queue, those of one sub-forum in order.
   * Throws where a sub-forum is not ours: registration asks only for what we told it, so that is a fault to be seen.
   */
  async take(tx: Tx, requests: readonly { subForumId: string; item: QueueItem }[]): Promise<void> {
    const items = new Map<string, QueueItem[]>();
    for (const { subForumId, item } of requests) {
      const known = items.get(subForumId);
      if (known) known.push(item);
      else items.set(subForumId, [item]);
    }
    const queues = await lockQueues(tx, [...items.keys()]);
    for (const id of items.keys()) {
      if (!queues.some((queue) => queue.id === id))
        throw new Error(`A seat was requested in ${id}, which is not known`);
    }
    await this.decide(tx, queues, items, (queue, now) => allocate(queue, items.get(queue.id) ?? [], now));
  }

  /** Gives free seats to those who wait, or refuses them where nothing is granted any more. */
  async settle(tx: Tx, subForumIds: readonly string[]): Promise<Map<string, Decision>> {
    return this.decide(tx, await lockQueues(tx, subForumIds), new Map(), (queue, now) => settle(queue, now));
  }

  /** What `settle` would decide if the locked sub-forum were as given; nothing is written. */
  async foresee(tx: Tx, queue: LockedQueue): Promise<Decision> {
    const now = Date.now();
    const whole = await withSeats(tx, [queue], new Map(), now);
    return settle(whole.get(queue.id) as SeatQueue, now);
  }

  /** After a cancellation: every seat is released, every waiter refused. */
  async releaseAll(tx: Tx, subForumId: string, holders: readonly string[]): Promise<void> {
    const queues = await lockQueues(tx, [subForumId]);
    const now = Date.now();
    const demands = new Map([[subForumId, { registrationIds: holders, releases: holders.length }]]);
    const queue = (await withSeats(tx, queues, demands, now)).get(subForumId);
    if (queue) await write(tx, [{ queue, allocation: releaseAll(queue, now) }], now);
  }

  private async decide(
    tx: Tx,
    queues: readonly LockedQueue[],
    items: ReadonlyMap<string, QueueItem[]>,
    rule: (queue: SeatQueue & LockedQueue, now: number) => Decision,
  ): Promise<Map<string, Decision>> {
    // Read once the locks are held: nothing is granted by a clock that stood still while it waited.
    const now = Date.now();
    const demands = new Map<string, Demand>();
    for (const [id, asked] of items) {
      demands.set(id, {
        registrationIds: new Set(asked.map((item) => item.registrationId)),
        releases: asked.filter((item) => item.kind === 'release').length,
      });
    }
    const whole = await withSeats(tx, queues, demands, now);
    const decided = [...whole.values()].map((queue) => ({ queue, allocation: rule(queue, now) }));
    await write(tx, decided, now);
    return new Map(decided.map(({ queue, allocation }) => [queue.id, allocation]));
  }
}
