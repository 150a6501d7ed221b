import { randomUUID } from 'node:crypto';
import { type AnswerOf, routes, topics } from '@plenary/contracts';
import { encodeCursor, newId } from '@plenary/platform';
import { AccessSnapshots } from '../access.snapshots';
import { IdentityWorld, password } from '../identity.test-world';
import { Secrets } from '../secrets';
import { createFromCommandLine, disableFromCommandLine } from './operator';

describe('staff', () => {
  let world: IdentityWorld;
  beforeAll(async () => {
    world = await IdentityWorld.create();
  });
  afterAll(() => world.close());

  const fresh = (role: 'organiser' | 'cohost' | 'supervisor' | 'desk', subForumIds?: string[]) => ({
    name: 'Nora',
    email: `${role}-${randomUUID()}@example.org`,
    roles: [{ role, ...(subForumIds && { subForumIds }) }],
  });

  it('gets roles, and the event tells them whole', async () => {
    const { params, organiser, conference } = await world.organised();
    const own = newId();
    const made = await world.call(routes.createStaff, { params, token: organiser, body: fresh('cohost', [own]) });
    expect(made).toMatchObject({
      status: 201,
      body: { admin: false, roles: [{ role: 'cohost', subForumIds: [own] }] },
    });
    const again = await world.call(routes.createStaff, {
      params,
      token: organiser,
      body: { name: 'Other', email: made.body.email.toUpperCase(), roles: [{ role: 'desk' }] },
    });
    expect(again.body).toMatchObject({ id: made.body.id, name: 'Nora', link: null });
    const told = await world.told(made.body.id);
    expect(told.map(({ body }) => body.version)).toEqual([1, 2]);
    expect(told[1]).toMatchObject({
      type: 'staff.changed.v1',
      body: {
        grants: [
          { conferenceId: conference.id, role: 'cohost', subForumIds: [own] },
          { conferenceId: conference.id, role: 'desk', subForumIds: [] },
        ],
      },
    });
  });

  it('is one account when it is made twenty times at once', async () => {
    const { params, organiser } = await world.organised();
    const body = fresh('desk');
    const made = await Promise.all(
      Array.from({ length: 20 }, () => world.call(routes.createStaff, { params, token: organiser, body })),
    );
    expect(new Set(made.map(({ body: { id } }) => id)).size).toBe(1);
    expect(made.filter(({ body: { link } }) => link !== null)).toHaveLength(1);
    const versions = (await world.told(made[0]?.body.id as string)).map(({ body: { version } }) => version);
    expect(versions).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  it('refuses roles that do not fit', async () => {
    const { params, organiser } = await world.organised();
    const refused = await world.call(routes.createStaff, { params, token: organiser, body: fresh('cohost') });
    expect(refused).toMatchObject({ status: 422, body: { code: 'roles_invalid' } });
    expect(refused.body).toMatchObject({ errors: [{ path: 'roles.0.subForumIds', code: 'sub_forums_required' }] });
  });

  it('is nobody else’s business', async () => {
    const here = await world.organised();
    const there = await world.organised();
    const call = (token: string) => world.call(routes.createStaff, { params: here.params, token, body: fresh('desk') });
    expect((await call(there.organiser)).status).toBe(404);
    const desk = await world.member(here.organiser, here.params.slug, 'desk');
    expect((await call(desk.token)).status).toBe(403);
    expect((await world.call(routes.createStaff, { params: here.params, body: fresh('desk') })).status).toBe(401);
    const unknown = await world.call(routes.listStaff, { params: { slug: 'never-heard-of' }, token: here.admin });
    expect(unknown).toMatchObject({ status: 404, body: { code: 'not_found' } });
    // One of another conference is not found here.
    const params = { ...here.params, id: there.organiserId };
    expect((await world.call(routes.changeStaff, { params, token: here.organiser, body: { roles: [] } })).status).toBe(
      404,
    );
  });

  it('cannot be taken over by an organiser of one of its conferences', async () => {
    const here = await world.organised();
    const there = await world.organised();
    const { id, email } = await world.member(there.organiser, there.params.slug, 'desk');
    await world.call(routes.createStaff, {
      params: here.params,
      token: here.organiser,
      body: { name: 'Mine', email, roles: [{ role: 'desk' }] },
    });
    const params = { ...here.params, id };
    const refused = [
      await world.call(routes.resetStaff, { params, token: here.organiser }),
      await world.call(routes.changeStaff, { params, token: here.organiser, body: { disabled: true } }),
      await world.call(routes.changeStaff, { params, token: here.organiser, body: { name: 'Mallory' } }),
    ];
    for (const { status, body } of refused)
      expect({ status, code: body.code }).toEqual({ status: 403, code: 'staff_of_others' });
    // Roles here are the organiser's to take away, and only those.
    const left = await world.call(routes.changeStaff, { params, token: here.organiser, body: { roles: [] } });
    expect(left).toMatchObject({ status: 200, body: { roles: [] } });
    const elsewhere = await world.call(routes.listStaff, { params: there.params, token: there.organiser });
    expect(elsewhere.body.items.find((member) => member.id === id)?.roles).toEqual([{ role: 'desk', subForumIds: [] }]);
  });

  it('never leaves a conference without an organiser, even if two remove each other', async () => {
    const { params, organiser, organiserId, admin } = await world.organised();
    const other = await world.member(organiser, params.slug, 'organiser');
    const remove = (token: string, id: string) =>
      world.call(routes.changeStaff, { params: { ...params, id }, token, body: { roles: [{ role: 'desk' }] } });
    const both = await Promise.all([remove(organiser, other.id), remove(other.token, organiserId)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)?.body.code).toBe('last_organiser');
    const last = both[0]?.status === 200 ? organiserId : other.id;
    expect((await remove(admin, last)).status).toBe(200);
  });

  it('does not disable itself', async () => {
    const { params, organiser, organiserId } = await world.organised();
    const self = { params: { ...params, id: organiserId }, token: organiser, body: { disabled: true } };
    expect(await world.call(routes.changeStaff, self)).toMatchObject({ status: 409, body: { code: 'own_account' } });
  });

  it('is listed in pages, each member once', async () => {
    const { params, organiser } = await world.organised();
    const made = [];
    for (let n = 0; n < 5; n += 1) made.push((await world.member(organiser, params.slug, 'desk')).id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { status: number; body: AnswerOf<typeof routes.listStaff> } = await world.call(routes.listStaff, {
        params,
        token: organiser,
        query: { limit: 2, ...(cursor === null ? {} : { cursor }) },
      });
      expect(page.status).toBe(200);
      seen.push(...page.body.items.map(({ id }) => id));
      cursor = page.body.nextCursor;
    } while (cursor);
    expect(seen).toHaveLength(6);
    expect(seen).toEqual(expect.arrayContaining(made));
    for (const forged of ['rubbish', Buffer.from('["a","b"]').toString('base64url')]) {
      const answer = await world.call(routes.listStaff, { params, token: organiser, query: { cursor: forged } });
      expect(answer).toMatchObject({ status: 400, body: { code: 'cursor_invalid' } });
    }
  });

  it('leaves a trail that only says what it may', async () => {
    const { params, organiser, organiserId, conference } = await world.organised();
    const desk = await world.member(organiser, params.slug, 'desk');
    const device = await world.call(routes.createDevice, { params, token: organiser, body: { name: 'Door 1' } });
    await world.call(routes.revokeDevice, {
      params: { id: device.body.id },
      token: organiser,
      query: { reason: 'left in a taxi' },
    });
    await world.auditArrives();
    await world.auditArrives();
    const trail = await world.call(routes.listAudit, { params, token: organiser });
    expect(trail.body.items.map(({ action }) => action)).toEqual([
      'device.revoke',
      'device.create',
      'staff.create',
      'staff.create',
    ]);
    expect(trail.body.items[0]).toMatchObject({
      conferenceId: conference.id,
      actor: { kind: 'staff', id: organiserId },
      actorName: 'organiser',
      reason: 'left in a taxi',
      target: { kind: 'device', id: device.body.id },
    });
    expect(JSON.stringify(trail.body)).not.toContain(desk.email);
    const one = await world.call(routes.listAudit, { params, token: organiser, query: { target: desk.id } });
    expect(one.body.items).toHaveLength(1);
    const first = await world.call(routes.listAudit, { params, token: organiser, query: { limit: 3 } });
    const second = await world.call(routes.listAudit, {
      params,
      token: organiser,
      query: { limit: 3, cursor: first.body.nextCursor as string },
    });
    expect([...first.body.items, ...second.body.items]).toEqual(trail.body.items);
    for (const cursor of [encodeCursor(['yesterday', newId()]), encodeCursor([1, 2])]) {
      const strange = await world.call(routes.listAudit, { params, token: organiser, query: { cursor } });
      expect(strange.status).toBe(400);
    }
    expect((await world.call(routes.listAudit, { params, token: desk.token })).status).toBe(403);
    // The reason can be taken away, the record cannot.
    await world.database.query('DELETE FROM audit_reasons');
    await expect(world.database.query('DELETE FROM audit_records')).rejects.toThrow('permission denied');
    await expect(world.database.query(`UPDATE audit_records SET action = 'nothing'`)).rejects.toThrow(
      'permission denied',
    );
  });

  it('begins at the command line: a link, then an administrator', async () => {
    const email = `first-${randomUUID()}@example.org`;
    const wish = { email, name: 'First', admin: false, password: undefined };
    const make = (more: object = {}) =>
      createFromCommandLine(world.database, new Secrets(), 'https://plenary.example.org', { ...wish, ...more });
    const said = await make();
    const link = /https:\/\/plenary\.example\.org\/s\/#\S+/.exec(said)?.[0] as string;
    expect((await world.call(routes.setPassword, { body: { link, password } })).status).toBe(204);
    expect(await make({ email: email.toUpperCase(), name: undefined, admin: true })).toContain('administrator');
    const me = await world.call(routes.whoAmI, { token: await world.signIn(email) });
    expect(me.body).toMatchObject({ name: 'First', admin: true });
    const told = await world.told(me.body.id);
    expect(told.map(({ body: { version, admin } }) => [version, admin])).toEqual([
      [1, false],
      [2, true],
    ]);
    await expect(make({ email: 'nobody' })).rejects.toThrow('not an e-mail address');
    await expect(make({ password: 'short' })).rejects.toThrow('10 to 200');
    await disableFromCommandLine(world.database, email);
    expect((await world.call(routes.signIn, { body: { email, password } })).status).toBe(401);
  });

  it('is repeated as snapshots with unchanged versions, devices too', async () => {
    const { params, organiser, organiserId } = await world.organised();
    const device = await world.call(routes.createDevice, {
      params,
      token: organiser,
      body: { name: 'Door', venue: true },
    });
    const source = world.app.get(AccessSnapshots);
    expect(source.topic).toBe(topics.access);
    const all = await world.database.transaction(async (tx) => {
      const events = [];
      let after: string | null = null;
      do {
        const page = await source.page(tx, after, 2);
        events.push(...page.events);
        after = page.next;
      } while (after !== null);
      return events;
    });
    const counted = await world.database.query<{ n: number }>(
      'SELECT ((SELECT count(*) FROM staff) + (SELECT count(*) FROM devices))::int AS n',
    );
    expect(all).toHaveLength(counted[0]?.n ?? -1);
    for (const { definition, body } of all) {
      const subject = definition.subject(body as never);
      expect((await world.told(subject)).at(-1)?.body.version).toBe(body.version);
    }
    const one = await world.database.transaction((tx) => source.one(tx, organiserId));
    expect(one).toMatchObject([{ definition: { type: 'staff.snapshot.v1' }, body: { staffId: organiserId } }]);
    const doors = await world.database.transaction((tx) => source.one(tx, device.body.id));
    expect(doors).toMatchObject([{ definition: { type: 'device.snapshot.v1' }, body: { bindings: { venue: true } } }]);
    expect(await world.database.transaction((tx) => source.one(tx, newId()))).toEqual([]);
  });
});
