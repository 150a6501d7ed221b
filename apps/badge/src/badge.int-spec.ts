import { randomBytes } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpAdapter, LinkTokens, newId, prepare } from '@plenary/platform';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { BadgeModule } from './badge.module';
import { BadgeWorld, erasedEvent, registrationEvent } from './badge.test-world';

describe('the badge service over HTTP', () => {
  let world: BadgeWorld;
  let app: NestFastifyApplication;
  let conference: { conferenceId: string; slug: string };
  const link = (registrationId: string) => ({
    authorization: `Bearer ${app.get(LinkTokens).make('delegate', registrationId, 1)}`,
  });

  beforeAll(async () => {
    world = await BadgeWorld.create();
    Object.assign(process.env, {
      PORT: '0',
      DATABASE_URL: world.url,
      KAFKA_BROKERS: '127.0.0.1:1',
      LINK_KEY: randomBytes(32).toString('base64url'),
      BADGE_KEY: world.badgeKey.toString('base64url'),
      PLENARY_CHECK_ANSWERS: '1',
      LOG_LEVEL: 'silent',
    });
    const options = { bodyParser: false, abortOnError: false, bufferLogs: true };
    app = await prepare(await NestFactory.create<NestFastifyApplication>(BadgeModule, createHttpAdapter(), options));
    conference = await world.conference();
  });
  afterAll(async () => {
    await app?.close();
    await world.close();
  });

  it('shows a delegate the own badge, as text and as pictures', async () => {
    const headers = link(await world.approved(conference.conferenceId));
    const badge = await app.inject({ url: '/api/v1/registration/badge', headers });
    expect(badge.statusCode).toBe(200);
    const { payload } = badge.json<{ payload: string }>();
    const picture = await app.inject({ url: '/api/v1/registration/badge.png?scale=5', headers });
    expect(picture.headers['content-type']).toBe('image/png');
    const png = PNG.sync.read(picture.rawPayload);
    expect(png.width).toBe(49 * 5);
    expect(jsQR(new Uint8ClampedArray(png.data), png.width, png.height)?.data).toBe(payload);
    const drawing = await app.inject({ url: '/api/v1/registration/badge.svg', headers });
    expect(drawing.headers['content-type']).toContain('image/svg+xml');
    expect(drawing.body).toMatch(/^<svg /);
  });

  it('waits for a badge as long as it is asked to', async () => {
    const id = newId();
    await world.hearRegistrations(registrationEvent(id, conference.conferenceId, { status: 'pending' }));
    const at = { url: '/api/v1/registration/badge', headers: link(id) };
    const early = await app.inject(at);
    expect([early.statusCode, early.json<{ code: string }>().code]).toEqual([409, 'badge_not_ready']);
    const waiting = app.inject({ ...at, headers: { ...at.headers, prefer: 'wait=5' } });
    await world.hearRegistrations(registrationEvent(id, conference.conferenceId, { version: 2 }));
    expect((await waiting).statusCode).toBe(200);
  });

  it('refuses strangers, and the link of one who was erased at once', async () => {
    expect((await app.inject({ url: '/api/v1/registration/badge' })).statusCode).toBe(401);
    const id = await world.approved(conference.conferenceId);
    await world.hearRegistrations(erasedEvent(id, conference.conferenceId));
    const begun = performance.now();
    expect((await app.inject({ url: '/api/v1/registration/badge', headers: link(id) })).statusCode).toBe(401);
    expect(performance.now() - begun).toBeLessThan(1000);
    const revoke = {
      method: 'POST',
      url: `/api/v1/registrations/${id}/badge/revoke`,
      payload: { reason: 'mine' },
    } as const;
    expect((await app.inject(revoke)).statusCode).toBe(401);
  });

  it('tells everybody keys and revocations, the latter again only when they changed', async () => {
    const url = `/api/v1/conferences/${conference.slug}`;
    const keys = await app.inject({ url: `${url}/badge-keys` });
    expect(keys.json()).toMatchObject({ items: [{ retiredAt: null }], nextCursor: null });
    const list = await app.inject({ url: `${url}/revocations` });
    expect(list.statusCode).toBe(200);
    const headers = { 'if-none-match': String(list.headers.etag) };
    expect((await app.inject({ url: `${url}/revocations`, headers })).statusCode).toBe(304);
    const id = await world.approved(conference.conferenceId);
    await world.hearRegistrations(erasedEvent(id, conference.conferenceId));
    expect((await app.inject({ url: `${url}/revocations`, headers })).statusCode).toBe(200);
    expect((await app.inject({ url: '/api/v1/conferences/no-such-one/badge-keys' })).statusCode).toBe(404);
  });
});
