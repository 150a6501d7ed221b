import 'reflect-metadata';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  type Attendance,
  conferenceAnnounced,
  defaultCategories,
  type Grant,
  type Topic,
  topics,
} from '@plenary/contracts';
import { Database } from '@plenary/messaging';
import { createApp, newId, signAccessToken } from '@plenary/platform';
import { type TestDatabase, testDatabase, until } from '@plenary/testing';
import { exportJWK, generateKeyPair } from 'jose';
import { pino } from 'pino';
import { AttendanceModule } from '../attendance.module';
import { History, type Told } from '../history.test-world';
import { DoorEvents } from '../known/doors';
import { PeopleEvents } from '../known/people';
import { ProgrammeEvents } from '../known/programme';

interface ServerEvent {
  id: string;
  data: Attendance;
}

describe('the live view over HTTP', () => {
  let test: TestDatabase;
  let identity: Server;
  let app: NestFastifyApplication;
  let origin: string;
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
      KAFKA_BROKERS: '127.0.0.1:1',
      LINK_KEY: Buffer.alloc(32, 1).toString('base64url'),
      IDENTITY_URL: `http://127.0.0.1:${(identity.address() as AddressInfo).port}`,
      NODE_ENV: 'test',
    });
    tokenOf = (...grants) =>
      signAccessToken(
        { typ: 'staff', sub: newId(), admin: false, grants },
        { privateKey: pair.privateKey, kid: 'k' },
        new Date(Date.now() + 60_000),
      );
    app = await createApp(AttendanceModule, 'attendance', pino({ level: 'silent' }));
    await app.listen(0, '127.0.0.1');
    origin = await app.getUrl();
  });
  afterAll(async () => {
    // fetch opens a connection ahead after an abort; one that never asked anything would be waited for.
    (app.getHttpServer() as Server).closeAllConnections();
    await app.close();
    identity.close();
    await test.close();
  });

  const hear = (topic: Topic, events: Told['event'][]) =>
    app.get(Database).transaction(async (tx) => {
      const context = { tx, topic };
      const told = events as never[];
      if (topic === topics.conferences) return app.get(ProgrammeEvents).conferences(told, context);
      if (topic === topics.subForums) return app.get(ProgrammeEvents).subForums(told, context);
      if (topic === topics.seats) return app.get(PeopleEvents).seats(told, context);
      if (topic === topics.checkIns) return app.get(DoorEvents).checkIns(told, context);
      throw new Error(`not used here: ${topic.name}`);
    });
  const programme = (history: History) =>
    hear(
      topics.subForums,
      history.told.filter(({ topic }) => topic === topics.subForums).map(({ event }) => event),
    );
  const confirmed = (history: History, subForumId: string) => {
    const registrationId = newId();
    const body = {
      registrationId,
      subForumId,
      conferenceId: history.conferenceId,
      version: 1,
      state: 'confirmed',
      reason: null,
    };
    return hear(topics.seats, [
      { type: 'seat.confirmed.v1', subject: `${registrationId}/${subForumId}`, partition: 0, body },
    ]);
  };
  async function announced(history: History): Promise<string> {
    const slug = `c-${history.conferenceId}`;
    const body = {
      version: 1,
      conferenceId: history.conferenceId,
      slug,
      name: { en: 'Test conference' },
      timeZone: 'Asia/Shanghai',
      categories: defaultCategories,
    };
    await hear(topics.conferences, [
      { type: conferenceAnnounced.type, subject: history.conferenceId, partition: 0, body },
    ]);
    return slug;
  }
  const get = (slug: string, token?: string) =>
    fetch(`${origin}/api/v1/conferences/${slug}/attendance`, {
      ...(token && { headers: { authorization: `Bearer ${token}` } }),
    });

  /** Collects a stream's events until it is closed. */
  async function watch(slug: string, token: string, lastEventId?: string) {
    const cut = new AbortController();
    const response = await fetch(`${origin}/api/v1/conferences/${slug}/attendance/events`, {
      headers: { authorization: `Bearer ${token}`, ...(lastEventId && { 'last-event-id': lastEventId }) },
      signal: cut.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const seen: ServerEvent[] = [];
    const at: number[] = [];
    const reading = (async () => {
      let text = '';
      for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += Buffer.from(part).toString();
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const id = /^id: (.*)$/m.exec(block)?.[1];
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (id === undefined || data === undefined) continue;
          seen.push({ id, data: JSON.parse(data) as Attendance });
          at.push(performance.now());
        }
      }
    })().catch(() => {});
    return {
      seen,
      at,
      last: () => seen.at(-1)?.data,
      close: async () => {
        cut.abort();
        await reading;
      },
    };
  }

  it('answers those who may see it, and waits for a conference announced a moment ago', async () => {
    const history = new History([]);
    const { conferenceId } = history;
    const organiser = await tokenOf({ conferenceId, role: 'organiser', subForumIds: [] });
    const early = get(`c-${conferenceId}`, organiser);
    const slug = await announced(history);
    await programme(history);
    const answer = await early;
    expect(answer.status).toBe(200);
    const elsewhere = { conferenceId: newId(), role: 'organiser' as const, subForumIds: [] };
    expect((await get(slug)).status).toBe(401);
    expect((await get(slug, await tokenOf({ conferenceId, role: 'desk', subForumIds: [] }))).status).toBe(403);
    expect((await get(slug, await tokenOf(elsewhere))).status).toBe(404);
    expect((await get('never-heard-of', organiser)).status).toBe(404);
    await until(async () => ((await (await get(slug, organiser)).json()) as Attendance).subForums.length === 2);
    const [own] = history.subForumIds as [string];
    const cohost = await get(slug, await tokenOf({ conferenceId, role: 'cohost', subForumIds: [own] }));
    expect(((await cohost.json()) as Attendance).subForums.map(({ subForumId }) => subForumId)).toEqual([own]);
  });

  it('shows each change to all who watch, each their part, at most four times a second', async () => {
    const history = new History([]);
    const { conferenceId } = history;
    const slug = await announced(history);
    await programme(history);
    const [own, other] = history.subForumIds as [string, string];
    const organiser = await watch(slug, await tokenOf({ conferenceId, role: 'organiser', subForumIds: [] }));
    const cohost = await watch(slug, await tokenOf({ conferenceId, role: 'cohost', subForumIds: [own] }));
    await until(() => organiser.last() && cohost.last());
    const began = performance.now();
    for (let n = 0; n < 40; n += 1) await confirmed(history, n % 2 ? own : other);
    await until(() => organiser.last()?.totals.confirmed === 40 && cohost.last()?.totals.confirmed === 20);
    const seconds = (performance.now() - began) / 1000;
    expect(cohost.last()?.subForums).toHaveLength(1);
    expect(organiser.seen.length).toBeLessThanOrEqual(2 + Math.ceil(seconds * 4));
    const ids = organiser.seen.map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    await organiser.close();
    await cohost.close();
  });

  it('goes on where a client left off: nothing twice, nothing missed', async () => {
    const history = new History([]);
    const slug = await announced(history);
    await programme(history);
    const token = await tokenOf({ conferenceId: history.conferenceId, role: 'organiser', subForumIds: [] });
    const first = await watch(slug, token);
    const seen = await until(() => first.seen.at(-1));
    await first.close();
    const again = await watch(slug, token, seen.id);
    const fresh = await watch(slug, token);
    await until(() => fresh.last());
    expect(again.seen).toEqual([]);
    await confirmed(history, history.subForumIds[0] as string);
    await until(() => again.last()?.totals.confirmed === 1);
    await again.close();
    await fresh.close();
    // What changed meanwhile is shown at once.
    const late = await watch(slug, token, seen.id);
    await until(() => late.last()?.totals.confirmed === 1);
    await late.close();
  });
});
