import { routes, type ServiceName, type Topic, topics } from '@plenary/contracts';
import { partitionOf, settled, stack, topicEvents, until } from '@plenary/testing';
import { badgeOf, Conference, type Delegate } from '../e2e/world';
import { asSuperuser } from './inside';

/** Badges are what the delivery rules are tried on: one owner tells them, three services hear, a reissue is one event. */

export const hearers = ['registration', 'check-in', 'attendance'] as const satisfies ServiceName[];
export type Hearer = (typeof hearers)[number];
export const schemaOf = (service: string): string => service.replaceAll('-', '_');

/** Somebody with a badge. */
export class Holder {
  private constructor(
    private readonly conference: Conference,
    private readonly delegate: Delegate,
  ) {}

  static async register(conference: Conference): Promise<Holder> {
    const delegate = await conference.register();
    await badgeOf(delegate);
    return new Holder(conference, delegate);
  }

  /** So many whose events of the topic lie in one partition. */
  static async ofOnePartition(conference: Conference, topic: Topic, count: number): Promise<Holder[]> {
    const found = new Map<number, Holder[]>();
    for (let tries = 0; tries <= topic.partitions * (count - 1); tries += 1) {
      const holder = await Holder.register(conference);
      const together = [...(found.get(holder.partition) ?? []), holder];
      if (together.length === count) return together;
      found.set(holder.partition, together);
    }
    throw new Error('more pigeons than holes, and yet none shares one');
  }

  get id(): string {
    return this.delegate.id;
  }

  /** Of their badge's events. */
  get partition(): number {
    return partitionOf(topics.badges, this.id);
  }

  /** A new revision of the badge: one event. Answers the revision. */
  async reissue(): Promise<number> {
    const { organiser } = this.conference;
    const body = { reason: 'delivery test' };
    const { revision } = await organiser.call(routes.reissueBadge, { params: { id: this.id }, body });
    return revision as number;
  }

  /** The revision that a service has heard of; undefined: of none. */
  async known(at: Hearer): Promise<number | undefined> {
    const sql = `SELECT revision FROM ${schemaOf(at)}.known_badges WHERE registration_id = $1`;
    return (await asSuperuser<{ revision: number }>(sql, [this.id]))[0]?.revision;
  }

  /** Until these services (all that hear badges) have heard of the revision. */
  async heard(revision: number, at: readonly Hearer[] = hearers, timeoutMs = 30_000): Promise<void> {
    for (const service of at) {
      await until(async () => (await this.known(service)) === revision, {
        what: `${service} to hear of revision ${revision} of ${this.id}`,
        timeoutMs,
      });
    }
  }

  /** What a service has parked of this badge, in order. */
  parked(at: Hearer): Promise<{ cause: string; error: string; version: number | null; tries: number }[]> {
    return asSuperuser(
      `SELECT cause, error, version, tries FROM ${schemaOf(at)}.parked WHERE topic = $1 AND subject = $2 ORDER BY "offset"`,
      [topics.badges.name, this.id],
    );
  }

  /** The version of this badge that a service has heard of. */
  async version(at: Hearer): Promise<number | undefined> {
    const sql = `SELECT version FROM ${schemaOf(at)}.subject_versions WHERE topic = $1 AND subject = $2`;
    return (await asSuperuser<{ version: number }>(sql, [topics.badges.name, this.id]))[0]?.version;
  }

  /** The last event that the owner has told of this badge, as it lies in Kafka. */
  async lastEvent(): Promise<{ headers: Record<string, string>; body: Record<string, unknown> & { version: number } }> {
    let last: { headers: Record<string, string>; body: Record<string, unknown> & { version: number } } | undefined;
    for await (const { headers, body } of topicEvents('badges')) {
      if (headers.ce_subject === this.id) last = { headers, body: body as never };
    }
    if (!last) throw new Error(`${this.id} has no badge`);
    return last;
  }
}

/** A conference and so many holders of one partition, heard of everywhere. */
export async function holders(count: number): Promise<Holder[]> {
  const found = await Holder.ofOnePartition(await Conference.create(), topics.badges, count);
  await settled();
  return found;
}

/** A notice that a service gave of what it parked. */
export interface Notice {
  readonly service: string;
  readonly cause: string;
  readonly subject: string;
  readonly sourceTopic: string;
  readonly sourcePartition: number;
  readonly sourceOffset: string;
}

/** All notices there are. */
export async function notices(): Promise<Notice[]> {
  const found: Notice[] = [];
  for await (const { headers, body } of topicEvents('deadLetters')) {
    if (headers.ce_type === 'event.parked.v1') found.push(body as Notice);
  }
  return found;
}

/** Until no service has anything parked any more. */
export async function nothingParked(services: readonly string[] = hearers): Promise<void> {
  for (const service of services) {
    await until(async () => (await asSuperuser(`SELECT 1 FROM ${schemaOf(service)}.parked LIMIT 1`)).length === 0, {
      what: `nothing parked at ${service}`,
      timeoutMs: 30_000,
    });
  }
}

export const brokers = (): string[] => stack().brokers;
