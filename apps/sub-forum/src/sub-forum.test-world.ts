import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  type Conference,
  type Grant,
  problem,
  type SeatState,
  type SubForum,
  seatReleaseRequested,
  seatRequested,
  topics,
} from '@plenary/contracts';
import { Database, type Received } from '@plenary/messaging';
import { createApp, newId, signAccessToken } from '@plenary/platform';
import { type TestDatabase, testDatabase } from '@plenary/testing';
import { exportJWK, generateKeyPair } from 'jose';
import { SeatRequestsHandler } from './allocation/seat-requests.handler';
import { SubForumModule } from './sub-forum.module';

export interface Told {
  topic: string;
  type: string;
  subject: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of any event, held against expectations
  body: any;
}
export interface Reply {
  status: number;
  etag: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers of any route; the platform judges each by its contract
  body: any;
}
export type Ask = { registrationId: string; requestId?: string; category?: string };

const hour = 3_600_000;

/** The whole service over HTTP on a real PostgreSQL; the test plays Kafka and identity. */
export class World {
  /** Counts up: each conference of a test has a slug of its own. */
  private conferences = 0;

  private constructor(
    private readonly test: TestDatabase,
    private readonly identity: Server,
    readonly app: NestFastifyApplication,
    private readonly sign: (admin: boolean, grants: Grant[]) => Promise<string>,
    readonly database: Database,
    private readonly requests: SeatRequestsHandler,
    readonly admin: string,
  ) {}

  static async open(environment: Record<string, string> = {}): Promise<World> {
    const test = await testDatabase('sub-forum');
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'EdDSA', use: 'sig' }] });
    const identity = createServer((_, answer) => answer.setHeader('content-type', 'application/json').end(keys));
    await new Promise<void>((ready) => identity.listen(0, '127.0.0.1', ready));
    Object.assign(process.env, {
      PORT: '0',
      DATABASE_URL: test.url,
      KAFKA_BROKERS: '127.0.0.1:1',
      LINK_KEY: Buffer.alloc(32, 7).toString('base64url'),
      IDENTITY_URL: `http://127.0.0.1:${(identity.address() as AddressInfo).port}`,
      LOG_LEVEL: 'error',
      NODE_ENV: 'test',
      ...environment,
    });
    const sign = (admin: boolean, grants: Grant[]) =>
      signAccessToken(
        { typ: 'staff', sub: newId(), admin, grants },
        { privateKey, kid: 'k' },
        new Date(Date.now() + hour),
      );
    const app = await createApp(SubForumModule, 'sub-forum');
    return new World(test, identity, app, sign, app.get(Database), app.get(SeatRequestsHandler), await sign(true, []));
  }

  async close(): Promise<void> {
    await this.app.close();
    this.identity.close();
    await this.test.close();
  }

  /** The superuser's, in the same database. */
  get adminUrl(): string {
    return this.test.adminUrl;
  }

  /** A member of staff with these roles in a conference. */
  staff(role: Grant['role'], conferenceId: string, subForumIds: string[] = []): Promise<string> {
    return this.sign(false, [{ conferenceId, role, subForumIds }]);
  }

  /** Calls as `token` (none: anybody); every refusal must be a problem document. */
  async call(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    options: { token?: string; body?: unknown; ifMatch?: string; key?: string; headers?: Record<string, string> } = {},
  ): Promise<Reply> {
    const raw = options.body instanceof Uint8Array ? Buffer.from(options.body) : undefined;
    const answer = await this.app.inject({
      method,
      url: `/api/v1${path}`,
      ...(options.body === undefined ? {} : { payload: raw ?? JSON.stringify(options.body) }),
      headers: {
        ...(options.body === undefined
          ? {}
          : { 'content-type': raw ? 'application/octet-stream' : 'application/json' }),
        ...(options.token && { authorization: `Bearer ${options.token}` }),
        ...(options.ifMatch && { 'if-match': options.ifMatch }),
        ...(options.key && { 'idempotency-key': options.key }),
        ...options.headers,
      },
    });
    const body = answer.body ? JSON.parse(answer.body) : undefined;
    if (answer.statusCode >= 400) problem.parse(body);
    return { status: answer.statusCode, etag: String(answer.headers.etag ?? ''), body };
  }

  async conference(settings: Partial<Conference> = {}): Promise<Conference> {
    this.conferences += 1;
    const { status, body } = await this.call('POST', '/conferences', {
      token: this.admin,
      body: {
        slug: `conference-${this.conferences}`,
        name: { en: 'A conference' },
        venue: { en: 'A venue' },
        timeZone: 'Asia/Shanghai',
        startsOn: '2026-05-21',
        endsOn: '2026-05-22',
        ...settings,
      },
    });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body;
  }

  /** A sub-forum that began an hour ago and lasts two more, if nothing else is said. */
  async subForum(conference: Conference, settings: Partial<SubForum> = {}): Promise<SubForum> {
    const { status, body } = await this.call('POST', `/conferences/${conference.slug}/sub-forums`, {
      token: this.admin,
      body: {
        code: `s-${newId()}`,
        title: { en: 'A sub-forum' },
        room: 'Hall 1',
        startsAt: new Date(Date.now() - hour).toISOString(),
        endsAt: new Date(Date.now() + 2 * hour).toISOString(),
        ...settings,
      },
    });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body;
  }

  async change(id: string, body: unknown, options: { token?: string; ifMatch?: string; dryRun?: boolean } = {}) {
    const ifMatch = options.ifMatch ?? (await this.call('GET', `/sub-forums/${id}`, { token: this.admin })).etag;
    const path = `/sub-forums/${id}${options.dryRun ? '?dryRun=true' : ''}`;
    return this.call('PATCH', path, { token: options.token ?? this.admin, body, ifMatch });
  }

  /** A request as registration would publish it. */
  asks(subForum: Pick<SubForum, 'id' | 'conferenceId'>, ask: Ask): Received<typeof seatRequested> {
    return received(seatRequested.type, {
      version: 1,
      requestId: ask.requestId ?? newId(),
      registrationId: ask.registrationId,
      subForumId: subForum.id,
      conferenceId: subForum.conferenceId,
      category: ask.category ?? 'delegate',
      replaces: null,
      at: new Date().toISOString(),
    }) as Received<typeof seatRequested>;
  }

  releases(
    subForum: Pick<SubForum, 'id' | 'conferenceId'>,
    registrationId: string,
    requestId = newId(),
  ): Received<typeof seatReleaseRequested> {
    return received(seatReleaseRequested.type, {
      version: 2,
      requestId,
      registrationId,
      subForumId: subForum.id,
      conferenceId: subForum.conferenceId,
      reason: 'withdrawn',
      at: new Date().toISOString(),
    }) as Received<typeof seatReleaseRequested>;
  }

  /** Hands a chunk over as the consumer does: in one transaction. */
  async take(chunk: (Received<typeof seatRequested> | Received<typeof seatReleaseRequested>)[]): Promise<void> {
    await this.database.transaction((tx) => this.requests.take(chunk, { tx, topic: topics.seatRequests }));
  }

  /** Asks for seats for new registrations, one after another; their ids. */
  async seat(subForum: SubForum, count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => newId());
    await this.take(ids.map((registrationId) => this.asks(subForum, { registrationId })));
    return ids;
  }

  /** What waits to be told of a topic, oldest first. */
  told(topic: string, about?: string): Promise<Told[]> {
    return this.database.query<Told>(
      `SELECT topic, type, subject, body FROM outbox
       WHERE topic = $1 AND ($2::text IS NULL OR subject LIKE '%' || $2 || '%') ORDER BY id`,
      [topic, about ?? null],
    );
  }

  async seatsTold(subForumId: string): Promise<SeatState[]> {
    return (await this.told(topics.seats.name, subForumId)).map((event) => event.body);
  }

  async counters(id: string) {
    const [row] = await this.database.query(
      'SELECT confirmed, waitlisted, reserved_used, seat_limit FROM sub_forums WHERE id = $1',
      [id],
    );
    return row;
  }
}

function received(type: string, body: unknown): unknown {
  return { id: newId(), type, body, partition: 0, offset: '0', time: new Date(), traceparent: undefined };
}
