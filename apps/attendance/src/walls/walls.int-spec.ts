import 'reflect-metadata';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  Client,
  conferenceAnnounced,
  defaultCategories,
  type Grant,
  resyncRequested,
  routes,
  subForumScheduled,
  topics,
  type Wall,
} from '@plenary/contracts';
import { Database } from '@plenary/messaging';
import { createApp, newId, signAccessToken } from '@plenary/platform';
import { type TestDatabase, testDatabase, until } from '@plenary/testing';
import { exportJWK, generateKeyPair } from 'jose';
import { pino } from 'pino';
import { AttendanceModule } from '../attendance.module';
import { ProgrammeEvents } from '../known/programme';

let test: TestDatabase;
let identity: Server;
let replicas: NestFastifyApplication[];
let here: Client;
let there: Client;
let tokenOf: (...grants: Grant[]) => Promise<string>;

beforeAll(async () => {
  test = await testDatabase('attendance');
  const pair = await generateKeyPair('EdDSA', { extractable: true });
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'EdDSA' };
  identity = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })));
  await new Promise<void>((ready) => identity.listen(0, '127.0.0.1', ready));
  Object.assign(process.env, {
    PORT: '0',
    DATABASE_URL: test.url,
    DATABASE_POOL: '4',
    KAFKA_BROKERS: '127.0.0.1:1',
    LINK_KEY: Buffer.alloc(32, 1).toString('base64url'),
    IDENTITY_URL: `http://127.0.0.1:${(identity.address() as AddressInfo).port}`,
    PLENARY_CHECK_ANSWERS: '1',
    NODE_ENV: 'test',
  });
  tokenOf = (...grants) =>
    signAccessToken(
      { typ: 'staff', sub: newId(), admin: false, grants },
      { privateKey: pair.privateKey, kid: 'k' },
      new Date(Date.now() + 300_000),
    );
  replicas = [];
  for (const _ of ['one', 'two']) {
    const app = await createApp(AttendanceModule, 'attendance', pino({ level: 'silent' }));
    await app.listen(0, '127.0.0.1');
    replicas.push(app);
  }
  const [one, two] = await Promise.all(replicas.map((app) => app.getUrl()));
  here = new Client(one as string);
  there = new Client(two as string);
}, 60_000);
afterAll(async () => {
  for (const app of replicas ?? []) {
    (app.getHttpServer() as Server).closeAllConnections();
    await app.close();
  }
  identity?.close();
  await test?.close();
});

const problem = (status: number, code: string) => expect.objectContaining({ status, code });

/** Announces a conference with one sub-forum; answers its organiser as a client of the first replica. */
async function conference() {
  const conferenceId = newId();
  const subForumId = newId();
  const slug = `c-${conferenceId}`;
  const tell = (handle: 'conferences' | 'subForums', type: string, subject: string, body: object) => {
    const app = replicas[0] as NestFastifyApplication;
    return app
      .get(Database)
      .transaction((tx) =>
        app
          .get(ProgrammeEvents)
          [handle]([{ type, subject, partition: 0, body }] as never[], { tx, topic: topics[handle] } as never),
      );
  };
  const named = (version: number, name: object) =>
    tell('conferences', conferenceAnnounced.type, conferenceId, {
      ...{ version, conferenceId, slug, name, timeZone: 'Asia/Shanghai', categories: defaultCategories },
    });
  const scheduled = (version: number, change: object = {}) =>
    tell('subForums', subForumScheduled.type, subForumId, {
      ...{ version, subForumId, conferenceId, code: 'SF', title: { en: 'Ports' }, track: 'Trade', room: '302' },
      ...{ floor: '3F', startsAt: '2026-05-21T01:00:00Z', endsAt: '2026-05-21T02:00:00Z', state: 'scheduled' },
      ...{ capacity: 80, roomCap: 90, ...change },
    });
  await named(1, { en: 'Cities', 'zh-CN': '城市' });
  await scheduled(1);
  const organiser = here.as(await tokenOf({ conferenceId, role: 'organiser', subForumIds: [] }));
  const link = (name?: string) =>
    organiser.call(routes.createWallLink, { params: { slug }, body: name === undefined ? {} : { name } });
  return { conferenceId, subForumId, slug, organiser, named, scheduled, link };
}

/** Reads a wall's stream until it ends. */
function watch(client: Client, lastEventId?: string) {
  const cut = new AbortController();
  const seen: { id: string | undefined; data: Wall }[] = [];
  let ended = false;
  const reading = (async () => {
    for await (const event of client.watch(
      routes.watchWall,
      {},
      { signal: cut.signal, ...(lastEventId && { lastEventId }) },
    ))
      seen.push(event);
  })()
    .catch((error: unknown) => {
      if (!cut.signal.aborted) throw error;
    })
    .finally(() => {
      ended = true;
    });
  return {
    seen,
    isOver: () => ended,
    close: async () => {
      cut.abort();
      await reading;
    },
  };
}

describe('a wall', () => {
  it('shows counts alone, on any replica, to whoever has its link', async () => {
    const { subForumId, link } = await conference();
    const { token, ...made } = await link('Lobby');
    expect(made).toEqual({ id: expect.any(String), name: 'Lobby', createdAt: expect.any(String) });
    expect(token).toMatch(/^[\w-]{43}$/);
    for (const client of [here, there]) {
      const wall = await client.as(token).call(routes.getWall);
      expect(wall).toEqual({
        at: expect.any(String),
        conference: { name: { en: 'Cities', 'zh-CN': '城市' }, timeZone: 'Asia/Shanghai' },
        subForums: [
          {
            ...{ subForumId, title: { en: 'Ports' }, track: 'Trade', room: '302', floor: '3F', state: 'scheduled' },
            ...{ startsAt: '2026-05-21T01:00:00.000Z', endsAt: '2026-05-21T02:00:00.000Z', capacity: 80, roomCap: 90 },
            ...{ confirmed: 0, waitlisted: 0, inside: 0, admitted: 0 },
          },
        ],
      });
    }
    const stored = await test.database.query<{ token_hash: Buffer }>('SELECT * FROM wall_links WHERE id = $1', [
      made.id,
    ]);
    expect(JSON.stringify(stored)).not.toContain(token);
  });

  it('is for walls alone, and a wall may see nothing else', async () => {
    const { organiser, slug, link } = await conference();
    const { token } = await link();
    await expect(organiser.call(routes.getWall)).rejects.toThrow(problem(403, 'role_required'));
    await expect(here.call(routes.getWall)).rejects.toThrow(problem(401, 'credentials_missing'));
    const wrong = `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`;
    for (const bad of [wrong, token.slice(1), `${token}A`, `${token}=`]) {
      await expect(here.as(bad).call(routes.getWall)).rejects.toThrow(problem(401, 'credentials_invalid'));
    }
    for (const route of [routes.getAttendance, routes.listWallLinks]) {
      await expect(here.as(token).call(route, { params: { slug } })).rejects.toThrow(problem(403, 'role_required'));
    }
  });

  it('follows what happens on another replica, goes on where it left off, and is silent about what it does not show', async () => {
    const { link, scheduled, named } = await conference();
    const { token } = await link();
    const stream = watch(there.as(token));
    await until(() => stream.seen.length === 1, { what: 'the first picture' });
    await scheduled(2, { capacity: 120 });
    await until(() => stream.seen.at(-1)?.data.subForums[0]?.capacity === 120, { what: 'the new capacity' });
    const { id } = stream.seen.at(-1) as { id: string };
    await stream.close();
    const resumed = watch(here.as(token), id);
    await named(2, { en: 'Cities and Ports' });
    await until(() => resumed.seen.length > 0, { what: 'the new name' });
    expect(resumed.seen[0]?.data.conference.name).toEqual({ en: 'Cities and Ports' });
    await resumed.close();
  });

  it('goes dark within 2 s of its revocation, on any replica, also where a stream is open', async () => {
    const { organiser, slug, link } = await conference();
    const { token, id } = await link();
    const other = await link('stays');
    const streams = [watch(here.as(token)), watch(there.as(token))];
    const staying = watch(there.as(other.token));
    await until(() => [...streams, staying].every(({ seen }) => seen.length > 0), { what: 'pictures on every screen' });
    await organiser.call(routes.revokeWallLink, { params: { id } });
    await until(() => streams.every(({ isOver }) => isOver()), { timeoutMs: 2000, what: 'the screens to go dark' });
    for (const client of [here, there]) {
      await expect(client.as(token).call(routes.getWall)).rejects.toThrow(problem(401, 'credentials_invalid'));
    }
    expect(staying.isOver()).toBe(false);
    await staying.close();
    await expect(organiser.call(routes.revokeWallLink, { params: { id } })).rejects.toThrow(problem(404, 'not_found'));
    const { items } = await organiser.call(routes.listWallLinks, { params: { slug } });
    expect(items.map(({ name }) => name)).toEqual(['stays']);
  });
});

describe('wall links', () => {
  it('are made, listed page by page without tokens, and revoked by organisers of the conference; audited', async () => {
    const { conferenceId, organiser, slug, link } = await conference();
    const made = [await link('one'), await link(), await link('three')];
    const listed = [];
    for await (const one of organiser.all(routes.listWallLinks, { params: { slug }, query: { limit: 2 } }))
      listed.push(one);
    expect(listed).toEqual(made.map(({ token: _, ...rest }) => rest));
    const elsewhere = here.as(await tokenOf({ conferenceId: newId(), role: 'organiser', subForumIds: [] }));
    const supervisor = here.as(await tokenOf({ conferenceId, role: 'supervisor', subForumIds: [] }));
    const id = made[0]?.id as string;
    for (const [client, code] of [
      [elsewhere, problem(404, 'not_found')],
      [supervisor, problem(403, 'role_required')],
    ] as const) {
      await expect(client.call(routes.createWallLink, { params: { slug }, body: {} })).rejects.toThrow(code);
      await expect(client.call(routes.listWallLinks, { params: { slug } })).rejects.toThrow(code);
      await expect(client.call(routes.revokeWallLink, { params: { id } })).rejects.toThrow(code);
    }
    await organiser.call(routes.revokeWallLink, { params: { id } });
    const told = await test.database.query<{ body: { action: string; target: object } }>(
      `SELECT body FROM outbox WHERE type = 'audit.recorded.v1' AND body->>'conferenceId' = $1 ORDER BY id`,
      [conferenceId],
    );
    expect(told.map(({ body }) => [body.action, body.target])).toEqual([
      ...made.map((one) => ['wall_link.create', { kind: 'wall_link', id: one.id }]),
      ['wall_link.revoke', { kind: 'wall_link', id }],
    ]);
    expect(JSON.stringify(told)).not.toContain(made[0]?.token);
  });

  it('are at most 100', async () => {
    const { conferenceId, link } = await conference();
    await test.database.query(
      `INSERT INTO wall_links SELECT gen_random_uuid(), $1::uuid, NULL, sha256(convert_to($1::uuid::text || n, 'UTF8')), now()
       FROM generate_series(1, 100) AS n`,
      [conferenceId],
    );
    await expect(link()).rejects.toThrow(problem(409, 'wall_links_too_many'));
  });

  it('are no table that a rebuild empties; the migration asks for conferences to be told again', async () => {
    const { conferenceId, link } = await conference();
    const { id } = await link();
    // A rebuild empties the tables that handlers name.
    const known = join(process.cwd(), 'apps/attendance/src/known');
    for (const file of readdirSync(known)) expect(readFileSync(join(known, file), 'utf8')).not.toContain('wall_links');
    const sql = readFileSync(join(process.cwd(), 'apps/attendance/src/migrations/0002-walls.sql'), 'utf8');
    await test.database.query(/^INSERT INTO outbox[^;]+;/m.exec(sql)?.[0] as string);
    const [asked] = await test.database.query<{ body: object; subject: string }>(
      'SELECT body, subject FROM outbox WHERE type = $1 ORDER BY id DESC LIMIT 1',
      [resyncRequested.type],
    );
    const body = resyncRequested.body.parse(asked?.body);
    expect([body.topic, body.subject, body.requestId]).toEqual([topics.conferences.name, null, asked?.subject]);
    expect(await test.database.query('SELECT conference_id FROM wall_links WHERE id = $1', [id])).toEqual([
      { conference_id: conferenceId },
    ]);
  });
});
