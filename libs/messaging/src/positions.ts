import { setTimeout as delay } from 'node:timers/promises';
import type { Admin, Consumer } from 'kafkajs';
import type { Database } from './database';
import { isInfrastructureFailure } from './failures';
import { isKafkaError } from './kafka-client';
import type { MessagingLogger } from './options';

/** How often Kafka is told where the rows stand. */
const tellKafkaMs = 300;

/** The offset row points where the log has nothing: kafkajs alone would skip or repeat silently. */
export class OffsetOutOfLog extends Error {
  override readonly name = 'OffsetOutOfLog';
}

/**
 * Where this replica stands in the partitions it has been given. The row in `consumer_offsets` is the one truth:
 * Kafka's own committed offset only serves those who watch the lag.
 */
export class Positions {
  private readonly next = new Map<string, string>();
  /** What Kafka has not been told yet. */
  private readonly untold = new Map<string, { topic: string; partition: number; offset: string }>();
  private telling: NodeJS.Timeout | undefined;
  private assignment: Promise<void> = Promise.resolve();
  /** All assignments up to now, also those which a newer one has replaced: they may still be reading. */
  private assignments: Promise<unknown> = Promise.resolve();
  private generation = 0;
  private closed = false;
  private connected: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly admin: Admin,
    private readonly consumer: Consumer,
    private readonly log: MessagingLogger,
  ) {}

  /** After each join: reads (or makes) the rows of the given partitions, checks them against the log, seeks there. */
  takeUp(assigned: Record<string, number[]>): Promise<void> {
    // A rebalance while this member is leaving: what it is given now, the next one gives away again.
    if (this.closed) return Promise.resolve();
    const generation = ++this.generation;
    this.next.clear();
    this.untold.clear();
    this.assignment = this.whileCurrent(generation, async () => {
      for (const [topic, partitions] of Object.entries(assigned)) {
        for (const [partition, offset] of await this.read(topic, partitions)) {
          if (generation !== this.generation) return;
          this.stand(topic, partition, offset);
        }
      }
      await this.tellKafka();
    });
    this.assignments = Promise.allSettled([this.assignments, this.assignment]);
    return this.assignment;
  }

  /** The offset to go on from; undefined while that is not known yet (the same batch comes again). */
  async ready(topic: string, partition: number): Promise<string | undefined> {
    // Not for ever: the caller's heartbeat has to go on.
    await Promise.race([this.assignment.catch(() => {}), delay(1_000, undefined, { ref: false })]);
    return this.next.get(`${topic}/${partition}`);
  }

  /** The partitions that this replica has, each with the offset it goes on from. */
  held(): { topic: string; partition: number; offset: number }[] {
    return [...this.next].map(([place, offset]) => {
      const [topic = '', partition] = place.split('/');
      return { topic, partition: Number(partition), offset: Number(offset) };
    });
  }

  /** A chunk has been committed. */
  moved(topic: string, partition: number, offset: string): void {
    this.next.set(`${topic}/${partition}`, offset);
    this.untold.set(`${topic}/${partition}`, { topic, partition, offset });
    this.telling ??= setTimeout(() => void this.tellKafka(), tellKafkaMs);
  }

  /** The row may have been moved by somebody else: reads it again and seeks there. */
  async reread(topic: string, partition: number): Promise<void> {
    for (const [, offset] of await this.read(topic, [partition])) this.stand(topic, partition, offset);
  }

  /**
   * A database server that crashed may have forgotten the last chunks, those which published nothing and so did not
   * wait for the disk, and the rows with them. Whoever stood ahead goes back to the row: in a partition into which
   * nothing more comes nobody else would notice.
   */
  async recheck(): Promise<void> {
    // Read before the rows are: a row moves first, then what is remembered of it.
    const before = new Map(this.next);
    if (before.size === 0) return;
    const found = await this.database.query<{ topic: string; partition: number; next_offset: string }>(
      'SELECT topic, partition, next_offset FROM consumer_offsets',
    );
    for (const { topic, partition, next_offset } of found) {
      const place = `${topic}/${partition}`;
      const known = before.get(place);
      if (known === undefined || BigInt(next_offset) >= BigInt(known) || !this.next.has(place)) continue;
      this.log.warn(
        { place, row: next_offset, known },
        'The database has forgotten what was handled, going back to the row',
      );
      this.stand(topic, partition, next_offset);
    }
  }

  /** Does Kafka answer at all? */
  async kafkaAnswers(): Promise<boolean> {
    try {
      await this.connect();
      return await Promise.race([this.admin.describeCluster().then(() => true), delay(5_000, false, { ref: false })]);
    } catch {
      return false;
    }
  }

  /** Before the consumer leaves its group. */
  async close(): Promise<void> {
    this.closed = true;
    this.generation++;
    // A read under way would open the connection again. It ends soon: Kafka's client gives up after a few tries.
    await this.assignments;
    await this.tellKafka();
    if (this.connected) await this.admin.disconnect().catch(() => {});
  }

  /**
   * Commits to Kafka what the rows say. Off the chunks' path, some times a second: nothing here reads it again. What
   * fails is told with the next assignment.
   */
  private async tellKafka(): Promise<void> {
    clearTimeout(this.telling);
    this.telling = undefined;
    const offsets = [...this.untold.values()];
    this.untold.clear();
    if (offsets.length > 0) await this.consumer.commitOffsets(offsets).catch(() => {});
  }

  private stand(topic: string, partition: number, offset: string): void {
    this.moved(topic, partition, offset);
    this.consumer.seek({ topic, partition, offset });
  }

  private async read(topic: string, partitions: readonly number[]): Promise<Map<number, string>> {
    // A broker that has just recovered may tell an older end for a moment: only what stays wrong is wrong.
    for (let tries = 1; ; tries++) {
      const log = await this.bounds(topic);
      const lows = partitions.map((partition) => log.get(partition)?.low ?? '0');
      const found = await this.database.query<{ partition: number; next_offset: string }>(
        // Only what is missing is inserted: to insert beside a row that a stopped replica is just moving would wait for it.
        `WITH made AS (
           INSERT INTO consumer_offsets (topic, partition, next_offset)
           SELECT $1, * FROM unnest($2::int[], $3::bigint[]) AS asked (partition, low)
           WHERE NOT EXISTS (SELECT 1 FROM consumer_offsets known WHERE known.topic = $1 AND known.partition = asked.partition)
           ON CONFLICT (topic, partition) DO NOTHING
           RETURNING partition, next_offset
         )
         SELECT partition, next_offset FROM made
         UNION ALL
         SELECT partition, next_offset FROM consumer_offsets WHERE topic = $1 AND partition = ANY($2::int[])`,
        [topic, partitions, lows],
      );
      const wrong = found.find(({ partition, next_offset }) => {
        const bounds = log.get(partition);
        return !bounds || BigInt(next_offset) < BigInt(bounds.low) || BigInt(next_offset) > BigInt(bounds.high);
      });
      if (!wrong) return new Map(found.map((row) => [row.partition, row.next_offset]));
      if (tries === 4) throw outOfLog(topic, wrong.partition, wrong.next_offset, log.get(wrong.partition));
      await delay(500);
    }
  }

  private async bounds(topic: string): Promise<Map<number, { low: string; high: string }>> {
    await this.connect();
    return new Map(
      (await this.admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => [partition, { low, high }]),
    );
  }

  private connect(): Promise<void> {
    this.connected ??= this.admin.connect().catch((error) => {
      this.connected = undefined;
      throw error;
    });
    return this.connected;
  }

  /** Tries again while the infrastructure fails and no newer assignment has come. */
  private async whileCurrent(generation: number, work: () => Promise<void>): Promise<void> {
    for (let failures = 0; generation === this.generation; failures++) {
      try {
        return await work();
      } catch (error) {
        if (!isInfrastructureFailure(error) && !isKafkaError(error)) throw error;
        if (failures === 0) this.log.warn({ err: error }, 'The offsets cannot be read yet, the consumer waits');
        await delay(Math.min(3_000, 100 * 2 ** failures), undefined, { ref: false });
      }
    }
  }
}

function outOfLog(topic: string, partition: number, row: string, log?: { low: string; high: string }): OffsetOutOfLog {
  const range = log ? `the log holds ${log.low} to ${log.high}` : 'the log has no such partition';
  return new OffsetOutOfLog(
    `${topic}/${partition}: this schema stands at offset ${row}, but ${range}. Either the topic was lost or made anew, ` +
      'or the schema comes from another time (a restore). Going on would skip or repeat events silently. ' +
      `Delete the row from consumer_offsets to start at ${log?.low ?? 'the start'}, then resync the owners of the topic.`,
  );
}
