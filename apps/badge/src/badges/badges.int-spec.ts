import { createHash } from 'node:crypto';
import { type SignedRevocations, verifyBadge, verifyRevocations } from '@plenary/badge-token';
import { auditRecorded, badgeKeySnapshot, badgeSnapshot } from '@plenary/contracts';
import { newId } from '@plenary/platform';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { BadgeWorld, delegate, registrationEvent, staff } from '../badge.test-world';
import { BadgeSnapshots } from './badge-snapshots';
import { qrPng, qrSvg } from './qr';

describe('a badge', () => {
  let world: BadgeWorld;
  beforeAll(async () => {
    world = await BadgeWorld.create();
  });
  afterAll(() => world.close());

  const publicKeys = async (conferenceId: string) => {
    const keys = await world.keys.list(conferenceId);
    return (keyId: number) => {
      const key = keys.find((one) => one.keyId === keyId);
      return key && Buffer.from(key.publicKey, 'base64url');
    };
  };

  it('verifies with the published key and has the hash that was told', async () => {
    const { conferenceId } = await world.conference();
    const id = await world.approved(conferenceId);
    const badge = await world.badges.own(delegate(id, conferenceId), 0);
    const verdict = await verifyBadge(badge.payload, await publicKeys(conferenceId), Date.now() / 1000);
    expect(verdict).toMatchObject({ ok: true, claims: { serial: 1, revision: 1 } });
    const [issued] = await world.told({ subject: id });
    expect(issued?.body.tokenHash).toBe(createHash('sha256').update(badge.payload).digest('hex'));
  });

  it.each([2, 7])('can be read from its picture, at %i pixels a module', async (scale) => {
    const { conferenceId } = await world.conference();
    const { payload } = await world.badges.own(delegate(await world.approved(conferenceId), conferenceId), 0);
    const png = PNG.sync.read(await qrPng(payload, scale));
    expect(png.width).toBe((41 + 2 * 4) * scale);
    expect(jsQR(new Uint8ClampedArray(png.data), png.width, png.height)?.data).toBe(payload);
    expect(await qrSvg(payload)).toContain('viewBox="0 0 49 49"');
  });

  it('is waited for, also by one of whom nothing is known yet', async () => {
    const { conferenceId } = await world.conference();
    const id = newId();
    await expect(world.badges.own(delegate(id, conferenceId), 0)).rejects.toMatchObject({
      status: 409,
      code: 'badge_not_ready',
    });
    const waiting = Promise.all([
      world.badges.own(delegate(id, conferenceId), 5000),
      world.links.current('delegate', id),
    ]);
    await world.hearRegistrations(registrationEvent(id, conferenceId, { linkGeneration: 3 }));
    const [badge, link] = await waiting;
    expect(badge.revision).toBe(1);
    expect(link).toEqual({ generation: 3, conferenceId });
  });

  it('is superseded by a reissue', async () => {
    const { conferenceId } = await world.conference();
    const id = await world.approved(conferenceId);
    const lost = await world.badges.own(delegate(id, conferenceId), 0);
    const reissued = await world.badges.reissue(staff('supervisor', conferenceId), id, 'lost in the tram');
    expect(reissued).toMatchObject({ registrationId: id, state: 'valid', serial: 1, revision: 2 });
    const found = await world.badges.own(delegate(id, conferenceId), 0);
    expect(found.payload).not.toBe(lost.payload);
    expect(await verifyBadge(found.payload, await publicKeys(conferenceId), Date.now() / 1000)).toMatchObject({
      ok: true,
    });
    expect((await world.told({ subject: id })).map(({ body }) => [body.version, body.revision, body.state])).toEqual([
      [1, 1, 'valid'],
      [2, 2, 'valid'],
    ]);
    const records = await world.told<typeof auditRecorded>({ type: auditRecorded.type });
    expect(records.at(-1)?.body).toMatchObject({
      conferenceId,
      action: 'badge.reissue',
      target: { kind: 'registration', id },
      reason: 'lost in the tram',
      details: { serial: 1, revision: 2 },
    });
  });

  it('is reissued as often as it is asked for at once: each time another revision', async () => {
    const { conferenceId } = await world.conference();
    const id = await world.approved(conferenceId);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => world.badges.reissue(staff('desk', conferenceId), id, 'lost')),
    );
    expect(answers.map((one) => one.revision).sort((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect((await world.told({ subject: id })).map(({ body }) => body.version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('is withdrawn by a revocation, once, and comes back by an organiser alone', async () => {
    const { conferenceId } = await world.conference();
    const id = await world.approved(conferenceId);
    const desk = staff('desk', conferenceId);
    expect(await world.badges.revoke(desk, id, 'shared')).toMatchObject({ state: 'revoked', revision: 1 });
    expect(await world.badges.revoke(desk, id, 'shared')).toMatchObject({ state: 'revoked', revision: 1 });
    await expect(world.badges.own(delegate(id, conferenceId), 0)).rejects.toMatchObject({ code: 'badge_revoked' });
    await expect(world.badges.reissue(desk, id, 'please')).rejects.toMatchObject({
      status: 409,
      code: 'badge_revoked',
    });
    const organiser = staff('organiser', conferenceId);
    expect(await world.badges.reissue(organiser, id, 'a mistake')).toMatchObject({ state: 'valid', revision: 2 });
    expect((await world.told({ subject: id })).map(({ body }) => [body.version, body.state])).toEqual([
      [1, 'valid'],
      [2, 'revoked'],
      [3, 'valid'],
    ]);
  });

  it('is none of the business of others', async () => {
    const { conferenceId } = await world.conference();
    const { conferenceId: elsewhere } = await world.conference();
    const id = await world.approved(conferenceId);
    await expect(world.badges.reissue(staff('organiser', elsewhere), id, 'mine')).rejects.toMatchObject({
      status: 404,
    });
    await expect(world.badges.revoke(staff('supervisor', conferenceId), id, 'mine')).rejects.toMatchObject({
      status: 403,
      code: 'role_required',
    });
    await expect(world.badges.reissue(staff('desk', conferenceId), newId(), 'who')).rejects.toMatchObject({
      status: 404,
    });
    expect(await world.told({ subject: id })).toHaveLength(1);
  });

  it('that was never issued can be neither reissued nor revoked', async () => {
    const { conferenceId } = await world.conference();
    const id = newId();
    await world.hearRegistrations(registrationEvent(id, conferenceId, { status: 'pending' }));
    const desk = staff('desk', conferenceId);
    await expect(world.badges.reissue(desk, id, 'lost')).rejects.toMatchObject({
      status: 409,
      code: 'badge_not_ready',
    });
    await expect(world.badges.revoke(desk, id, 'lost')).rejects.toMatchObject({ status: 409, code: 'badge_not_ready' });
  });

  it('stays good when its key is rotated; later ones are signed by the new key, from its beginning on', async () => {
    const { conferenceId } = await world.conference();
    const early = await world.approved(conferenceId);
    const { keyId, from } = await world.database.transaction((tx) => world.keys.rotate(tx, conferenceId));
    expect(from.getTime()).toBeGreaterThan(Date.now() + 590_000);
    await expect(world.database.transaction((tx) => world.keys.rotate(tx, conferenceId))).rejects.toThrow('successor');
    const during = await world.approved(conferenceId);
    await world.database.query('UPDATE signing_keys SET not_before = now() WHERE key_id = $1', [keyId]);
    const late = await world.approved(conferenceId);

    const keyOf = await publicKeys(conferenceId);
    const signedBy = [];
    for (const id of [early, during, late]) {
      const { payload } = await world.badges.own(delegate(id, conferenceId), 0);
      const verdict = await verifyBadge(payload, keyOf, Date.now() / 1000);
      expect(verdict.ok).toBe(true);
      signedBy.push(verdict.claims?.keyId);
    }
    expect(signedBy[0]).not.toBe(keyId);
    expect(signedBy).toEqual([signedBy[0], signedBy[0], keyId]);
    expect((await world.told({ subject: `key/${signedBy[0]}` })).map(({ body }) => body.version)).toEqual([1, 2]);
    expect((await world.keys.list(conferenceId)).map((key) => key.retiredAt)).toEqual([from.toISOString(), null]);
  });

  it('stands in the signed list when superseded or revoked, and only then', async () => {
    const { conferenceId, slug } = await world.conference();
    const [untouched, lost, shared] = [newId(), newId(), newId()].sort() as [string, string, string];
    await world.hearRegistrations(...[untouched, lost, shared].map((id) => registrationEvent(id, conferenceId)));
    const empty = await world.revocations.list(slug);
    expect(empty.entries).toEqual([]);
    await world.badges.reissue(staff('desk', conferenceId), lost, 'lost');
    await world.badges.revoke(staff('desk', conferenceId), shared, 'shared');

    const list: SignedRevocations = await world.revocations.list(slug);
    expect(list.entries).toEqual([
      { serial: 2, minimumRevision: 2, revoked: false },
      { serial: 3, minimumRevision: 1, revoked: true },
    ]);
    expect(list.at > empty.at).toBe(true);
    expect(await world.revocations.list(slug)).toEqual(list);
    const key = (await publicKeys(conferenceId))(list.keyId) as Uint8Array;
    expect(await verifyRevocations(list, key)).toBe(true);
    expect(await verifyRevocations({ ...list, entries: list.entries.slice(1) }, key)).toBe(false);
  });

  it('is repeated by a resync, page by page, with its version unchanged', async () => {
    const snapshots = new BadgeSnapshots();
    const told: { type: string; subject: string; version: unknown }[] = [];
    for (let after: string | null = null, page = 0; page === 0 || after !== null; page++) {
      const { events, next } = await world.database.transaction((tx) => snapshots.page(tx, after, 3));
      expect(events.length).toBeLessThanOrEqual(3);
      told.push(
        ...events.map(({ definition, body }) => ({
          type: definition.type,
          subject: definition.subject(body),
          version: body.version,
        })),
      );
      after = next;
    }
    const stored = await world.database.query(
      `SELECT '${badgeKeySnapshot.type}' AS type, 'key/' || key_id AS subject, version FROM signing_keys
       UNION ALL SELECT '${badgeSnapshot.type}', registration_id::text, version FROM badges`,
    );
    expect(told).toHaveLength(stored.length);
    expect(told).toEqual(expect.arrayContaining(stored));
    const one = told.at(-1) as (typeof told)[number];
    const again = await world.database.transaction((tx) => snapshots.one(tx, one.subject));
    expect(again.map(({ body }) => body.version)).toEqual([one.version]);
    expect(await world.database.transaction((tx) => snapshots.one(tx, 'key/1'))).toHaveLength(1);
    expect(await world.database.transaction((tx) => snapshots.one(tx, 'nobody'))).toEqual([]);
  });
});
