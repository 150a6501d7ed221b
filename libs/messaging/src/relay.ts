import { setTimeout as delay } from 'node:timers/promises';
import { type Kafka, Partitioners, type Producer, type TopicMessages } from 'kafkajs';
import { Client, type QueryResultRow } from 'pg';
import { cloudEventHeaders } from './cloud-events';
import type { Database } from './database';
import type { MessagingLogger, MessagingOptions } from './options';

interface OutboxRow {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly event_id: string;
  readonly type: string;
  readonly subject: string;
  readonly traceparent: string | null;
  readonly body: string;
  readonly time: Date;
}

/** At most so many rows, or about so many bytes, go in one send: the broker takes 1 MB per partition and request. */
const batchRows = 500;
const batchBytes = 600_000;
/** How often the holder pings, looks into the outbox without being woken, and a stand-by tries for the lock. */
const beatMs = 1_000;
/**
 * From one send to the next. Under load a batch then carries what several transactions have published, and everybody
 * down the line handles it at once: a third more registrations in a rush. An event into a quiet system waits for nothing.
 */
const restMs = 5;
/** Without a ping for so long the server ends the session, and with it the lock: a stopped process must not hold it. */
const idleLimitMs = 3_000;

/**
 * Carries a schema's outbox to Kafka. One is active per schema: the one whose own connection holds a session advisory
 * lock; that connection also reads and deletes, so whoever lost the lock can do neither.
 *
 * It always reads all there is from the lowest id, never "after the last seen": ids become visible out of order. One
 * batch is under way at a time, so a retry cannot overtake; a repeated batch only repeats versions, which consumers
 * drop. For the same reason the producer needs no idempotence, and the delete no durable commit.
 */
export class Relay {
  private client: Client | undefined;
  private active = false;
  private stopping = false;
  private woken = false;
  private wakeSleeper: (() => void) | undefined;
  private life: Promise<void> | undefined;
  private producerReady = false;
  private oldestPending: Date | undefined;
  private counters = { published: 0, batches: 0, kafkaFailures: 0, databaseFailures: 0 };
  /** From publishing (before the commit) to the broker's acknowledgement, in ms, of the last events. */
  private readonly ages = new Float64Array(2_048);
  private agesNoted = 0;
  private lastSend = Number.NEGATIVE_INFINITY;
  private turn: Promise<unknown> = Promise.resolve();
  private readonly producer: Producer;
  private readonly channel: string;

  constructor(
    private readonly options: MessagingOptions,
    database: Database,
    kafka: Kafka,
    private readonly logger: MessagingLogger,
  ) {
    this.channel = `plenary_outbox_${options.schema}`;
    this.producer = kafka.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
      maxInFlightRequests: 1,
      retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 2 },
    });
    database.onPublished(() => this.wake());
  }

  /** Starts the relay in the background; neither PostgreSQL nor Kafka need be there yet. */
  start(): void {
    this.life ??= this.live();
  }

  /** Looks into the outbox now; as a stand-by: tells the active one to. */
  wake(): void {
    this.woken = true;
    this.wakeSleeper?.();
  }

  /** Sends what is still in the outbox (within 3 s), then gives up the lock and closes. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.life;
    await this.producer.disconnect().catch(() => {});
  }

  /**
   * For /metrics: counts since the start; how long the last 2,048 events took from `publish` to the broker's
   * acknowledgement (ms); the age in seconds of the oldest event not yet in Kafka, as the active relay knows it.
   */
  stats() {
    const ages = this.ages.slice(0, Math.min(this.agesNoted, this.ages.length)).sort();
    const pending = this.oldestPending ? (Date.now() - this.oldestPending.getTime()) / 1_000 : 0;
    return {
      active: this.active ? 1 : 0,
      ...this.counters,
      eventAgeP50Ms: ages[Math.floor(ages.length * 0.5)] ?? 0,
      eventAgeP99Ms: ages[Math.floor(ages.length * 0.99)] ?? 0,
      pendingAgeSeconds: Math.max(0, pending),
    };
  }

  /** One query at a time: the beat must not come between a query and its answer. */
  private ask<Row extends QueryResultRow>(client: Client, sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const answer = this.turn.then(async () => (await client.query<Row>(sql, parameters)).rows);
    this.turn = answer.catch(() => {});
    return answer;
  }

  private async live(): Promise<void> {
    for (let failures = 0; !this.stopping; ) {
      try {
        const client = await this.connect();
        failures = 0;
        await this.serve(client);
      } catch (error) {
        this.counters.databaseFailures++;
        if (failures++ === 0)
          this.logger.warn({ err: error }, 'The relay lost its connection to PostgreSQL, connecting again');
      } finally {
        this.active = false;
        this.oldestPending = undefined;
        await this.disconnect();
      }
      if (!this.stopping) await this.sleep(Math.min(2_000, 100 * 2 ** failures));
    }
  }

  private async connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.options.databaseUrl,
      application_name: `plenary-relay-${this.options.service}`,
      connectionTimeoutMillis: 5_000,
      query_timeout: 10_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 1_000,
    });
    this.client = client;
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    client.on('notification', () => this.wake());
    await client.connect();
    // The keepalives end the session of a host that is gone; tcp_user_timeout that of a process which stopped reading.
    await client.query(`
      SET search_path = ${client.escapeIdentifier(this.options.schema)};
      SET idle_session_timeout = ${idleLimitMs};
      SET tcp_keepalives_idle = 1; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3;
      SET tcp_user_timeout = ${idleLimitMs};
      SET synchronous_commit = off`);
    return client;
  }

  private lost(client: Client): void {
    if (this.client !== client) return;
    this.client = undefined;
    this.active = false;
    this.wake();
  }

  private async disconnect(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    // A connection to a host that is gone never says goodbye.
    if (client) await Promise.race([client.end().catch(() => {}), delay(1_000, undefined, { ref: false })]);
  }

  /** Until the connection is lost or the relay stops. */
  private async serve(client: Client): Promise<void> {
    const beat = setInterval(() => this.ask(client, 'SELECT 1').catch(() => this.lost(client)), beatMs);
    try {
      while (this.client === client && !this.stopping) {
        if (!this.active) await this.tryForLock(client);
        const told = this.woken;
        this.woken = false;
        if (this.active) await this.empty(client);
        // Autocommitted on a connection of its own: inside business transactions NOTIFY halved throughput.
        else if (told) await this.ask(client, `NOTIFY ${this.channel}`);
        if (!this.woken) await this.sleep(beatMs);
      }
      if (this.active && this.client === client) await this.empty(client, Date.now() + 3_000);
    } finally {
      clearInterval(beat);
    }
  }

  private async tryForLock(client: Client): Promise<void> {
    const [lock] = await this.ask<{ held: boolean }>(
      client,
      `SELECT pg_try_advisory_lock(hashtext('plenary.relay'), hashtext($1)) AS held`,
      [this.options.schema],
    );
    if (!lock?.held) return;
    await this.ask(client, `LISTEN ${this.channel}`);
    this.active = true;
    this.logger.debug({}, 'This replica is the active relay');
  }

  /** Sends until the outbox is empty. Kafka's failures are waited out here, PostgreSQL's are thrown. */
  private async empty(client: Client, deadline = Number.POSITIVE_INFINITY): Promise<void> {
    for (let failures = 0; Date.now() < deadline && this.client === client; ) {
      const rest = this.lastSend + restMs - performance.now();
      if (rest > 0 && !this.stopping) await this.sleep(rest, false);
      const rows = await this.ask<OutboxRow>(
        client,
        `SELECT id, topic, key, event_id, type, subject, traceparent, body::text AS body, time
         FROM outbox ORDER BY id LIMIT ${batchRows}`,
      );
      this.oldestPending = rows[0]?.time;
      if (rows.length === 0) return;
      const batch = boundedBatch(rows);
      try {
        await this.send(batch);
      } catch (error) {
        this.counters.kafkaFailures++;
        if (failures++ === 0)
          this.logger.warn({ err: error, waiting: rows.length }, 'Kafka does not take events, the outbox keeps them');
        if (this.stopping) return;
        await this.sleep(Math.min(3_000, 50 * 2 ** failures), false);
        continue;
      }
      if (failures > 0) this.logger.info({}, 'Kafka takes events again');
      failures = 0;
      this.noteAges(batch);
      this.lastSend = performance.now();
      await this.ask(client, 'DELETE FROM outbox WHERE id = ANY($1::bigint[])', [batch.map((row) => row.id)]);
      this.counters.published += batch.length;
      this.counters.batches++;
      this.oldestPending = undefined;
      // Fewer than could be: that was all, unless somebody has committed and woken us since.
      if (batch.length === rows.length && rows.length < batchRows && !this.woken) return;
      this.woken = false;
    }
  }

  private noteAges(batch: readonly OutboxRow[]): void {
    const now = Date.now();
    for (const row of batch) this.ages[this.agesNoted++ % this.ages.length] = now - row.time.getTime();
  }

  private async send(batch: readonly OutboxRow[]): Promise<void> {
    try {
      if (!this.producerReady) await this.producer.connect();
      this.producerReady = true;
      await this.producer.sendBatch({ acks: -1, timeout: 10_000, topicMessages: this.messages(batch) });
    } catch (error) {
      if (this.producerReady) await this.producer.disconnect().catch(() => {});
      this.producerReady = false;
      throw error;
    }
  }

  private messages(batch: readonly OutboxRow[]): TopicMessages[] {
    const byTopic = new Map<string, TopicMessages['messages']>();
    for (const row of batch) {
      const messages = byTopic.get(row.topic) ?? [];
      byTopic.set(row.topic, messages);
      messages.push({
        key: row.key,
        value: row.body,
        headers: cloudEventHeaders({
          ...row,
          id: row.event_id,
          source: `/plenary/${this.options.service}`,
        }),
      });
    }
    return [...byTopic].map(([topic, messages]) => ({ topic, messages }));
  }

  private async sleep(ms: number, wakeable = true): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      const wake = () => {
        clearTimeout(timer);
        resolve();
      };
      this.wakeSleeper = wakeable ? wake : undefined;
    });
    this.wakeSleeper = undefined;
  }
}

/** The longest prefix within `batchBytes`, at least one row. */
function boundedBatch(rows: readonly OutboxRow[]): readonly OutboxRow[] {
  let bytes = 0;
  const end = rows.findIndex((row, index) => {
    bytes += Buffer.byteLength(row.body) + 500;
    return bytes > batchBytes && index > 0;
  });
  return end === -1 ? rows : rows.slice(0, end);
}
