import { rebuildRequested, replayRequested, resyncRequested, type ServiceName, type Topic } from '@plenary/contracts';
import { definitionsByType, type Handler } from './chunk';
import { afterCommit, type Database, rows, type Tx } from './database';
import { isInfrastructureFailure, nameOf } from './failures';
import type { EventContext, Received } from './handlers';
import type { MessagingLogger } from './options';
import { publishAll } from './outbox';
import { rebuildTopic, tablesOf } from './rebuild';
import { replayFirst } from './replay';
import type { SnapshotSource } from './resync';

interface Repair {
  readonly id: string;
  readonly kind: 'replay' | 'resync' | 'rebuild';
  readonly topic: string | null;
  readonly subject: string | null;
  readonly cursor: string | null;
}

type RepairRequested = typeof resyncRequested | typeof replayRequested | typeof rebuildRequested;

const kinds: Record<Received<RepairRequested>['type'], Repair['kind']> = {
  [resyncRequested.type]: 'resync',
  [replayRequested.type]: 'replay',
  [rebuildRequested.type]: 'rebuild',
};
const pageSize = 200;
const pollMs = 5_000;

/**
 * Obeys requests for replay, resync and rebuild. They come on the dead-letters topic and are first written down (in the
 * transaction that moves the offset on), then done step by step, each step a transaction: a killed process goes on
 * where it stood, on whichever replica, and the consumer never waits for a long one.
 */
export class Repairs {
  /** How many events are parked, as last seen. */
  parked = 0;
  private stopping = false;
  private wakeSleeper: (() => void) | undefined;
  private life: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly service: ServiceName,
    private readonly sources: readonly SnapshotSource[],
    private readonly heard: ReadonlyMap<string, { topic: Topic; handlers: readonly Handler[] }>,
    private readonly logger: MessagingLogger,
  ) {}

  /** The handler of the dead-letters topic that every service has. */
  readonly handler: Handler = {
    definitions: definitionsByType([resyncRequested, replayRequested, rebuildRequested]),
    chunk: false,
    tables: [],
    call: (event, context) => this.writeDown(event as Received<RepairRequested>, context),
  };

  start(): void {
    this.life ??= this.live();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wakeSleeper?.();
    await this.life;
  }

  private async writeDown({ type, body }: Received<RepairRequested>, { tx }: EventContext): Promise<void> {
    const topic = 'topic' in body ? body.topic : null;
    const subject = 'subject' in body ? body.subject : null;
    const ours = 'service' in body ? body.service === this.service : this.sourcesOf(topic).length > 0;
    if (!ours) return;
    await rows(
      tx,
      `INSERT INTO repairs (id, kind, topic, subject, requested_by) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`,
      [body.requestId, kinds[type], topic, subject, body.requestedBy],
    );
    afterCommit(tx, () => this.wakeSleeper?.());
  }

  private async live(): Promise<void> {
    while (!this.stopping) {
      try {
        const [count] = await this.database.query<{ count: number }>('SELECT count(*)::int AS count FROM parked');
        this.parked = count?.count ?? 0;
        while (!this.stopping && (await this.step()));
      } catch (error) {
        this.logger.debug({ err: error }, 'Repairs wait for the database');
      }
      if (!this.stopping) await this.sleep();
    }
  }

  /** Does one step of the oldest repair that no other replica has in hand; false: there is none. */
  private async step(): Promise<boolean> {
    let current: Repair | undefined;
    try {
      await this.database.transaction(async (tx) => {
        [current] = await rows<Repair>(
          tx,
          `SELECT id, kind, topic, subject, cursor FROM repairs ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
        );
        if (current) await this[current.kind](tx, current);
      });
    } catch (error) {
      if (!current || isInfrastructureFailure(error)) throw error;
      await this.giveUp(current, error);
    }
    return current !== undefined;
  }

  private async resync(tx: Tx, repair: Repair): Promise<void> {
    const sources = this.sourcesOf(repair.topic);
    if (repair.subject !== null) {
      for (const source of sources) await publishAll(tx, await source.one(tx, repair.subject));
      return this.done(tx, repair);
    }
    const [index, after] = repair.cursor ? (JSON.parse(repair.cursor) as [number, string | null]) : [0, null];
    const source = sources[index];
    if (!source) return this.done(tx, repair);
    const { events, next } = await source.page(tx, after, pageSize);
    await publishAll(tx, events);
    const cursor = JSON.stringify(next === null ? [index + 1, null] : [index, next]);
    await rows(tx, 'UPDATE repairs SET cursor = $2 WHERE id = $1', [repair.id, cursor]);
  }

  private async replay(tx: Tx, repair: Repair): Promise<void> {
    if (repair.topic === null || repair.subject === null) {
      await rows(
        tx,
        `INSERT INTO repairs (id, kind, topic, subject, requested_by)
         SELECT gen_random_uuid(), 'replay', topic, subject, $2
         FROM (SELECT DISTINCT topic, subject FROM parked WHERE $1::text IS NULL OR subject = $1) AS parked`,
        [repair.subject, this.service],
      );
      return this.done(tx, repair);
    }
    const known = this.heard.get(repair.topic);
    const left = known ? await replayFirst(tx, this.service, known.topic, repair.subject, known.handlers) : 'emptied';
    if (left !== 'more') await this.done(tx, repair);
    if (left === 'gap') this.logger.warn(naming(repair), 'Parked events have a gap before them, their owner is asked');
  }

  /** Without a topic: of each that fills tables. */
  private async rebuild(tx: Tx, repair: Repair): Promise<void> {
    const filling = [...this.heard.values()].filter(({ handlers }) => tablesOf(handlers).length > 0);
    if (repair.topic === null) {
      await rows(
        tx,
        `INSERT INTO repairs (id, kind, topic, requested_by)
         SELECT gen_random_uuid(), 'rebuild', topic, $2 FROM unnest($1::text[]) AS topic`,
        [filling.map(({ topic }) => topic.name), this.service],
      );
      return this.done(tx, repair);
    }
    const known = filling.find(({ topic }) => topic.name === repair.topic);
    if (known) await rebuildTopic(tx, this.service, known.topic, known.handlers);
    else this.logger.warn(naming(repair), 'Nothing is rebuilt: this service keeps no tables of that topic');
    return this.done(tx, repair);
  }

  private async done(tx: Tx, repair: Repair): Promise<void> {
    await rows(tx, 'DELETE FROM repairs WHERE id = $1', [repair.id]);
    afterCommit(tx, () => this.logger.info(naming(repair), `The ${repair.kind} is done`));
  }

  /** The handler (or the snapshot source) still fails: what is parked stays so, the request is over. */
  private async giveUp(repair: Repair, error: unknown): Promise<void> {
    this.logger.error({ ...naming(repair), err: error }, `The ${repair.kind} failed`);
    await this.database.transaction(async (tx) => {
      await rows(tx, 'DELETE FROM repairs WHERE id = $1', [repair.id]);
      if (repair.kind !== 'replay') return;
      await rows(
        tx,
        `UPDATE parked SET tries = tries + 1, error = $3
         WHERE (topic, partition, "offset") =
               (SELECT topic, partition, "offset" FROM parked WHERE topic = $1 AND subject = $2 ORDER BY "offset" LIMIT 1)`,
        [repair.topic, repair.subject, nameOf(error)],
      );
    });
  }

  private sourcesOf(topicName: string | null): readonly SnapshotSource[] {
    return this.sources.filter((source) => source.topic.name === topicName);
  }

  private async sleep(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pollMs);
      this.wakeSleeper = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeSleeper = undefined;
  }
}

const naming = ({ kind, topic, subject }: Repair) => ({ kind, topic, subject });
