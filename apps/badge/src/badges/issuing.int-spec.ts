import { badgeIssued, badgeKeyPublished, badgeRevoked } from '@plenary/contracts';
import { newId } from '@plenary/platform';
import { BadgeWorld, conferenceEvent, delegate, erasedEvent, registrationEvent } from '../badge.test-world';

describe('issuing badges', () => {
  let world: BadgeWorld;
  beforeAll(async () => {
    world = await BadgeWorld.create();
  });
  afterAll(() => world.close());

  it('issues one badge when a registration is approved, whatever is heard again', async () => {
    const { conferenceId } = await world.conference();
    const id = newId();
    await world.hearRegistrations(registrationEvent(id, conferenceId, { status: 'pending' }));
    expect(await world.badgesOf(conferenceId)).toEqual([]);

    const approved = registrationEvent(id, conferenceId, { version: 2 });
    await world.hearRegistrations(approved);
    await world.hearRegistrations(approved, approved);
    await world.hearRegistrations(registrationEvent(id, conferenceId, { version: 3, status: 'cancelled' }));
    await world.hearRegistrations(registrationEvent(id, conferenceId, { version: 4 }));

    expect(await world.badgesOf(conferenceId)).toMatchObject([
      {
        registration_id: id,
        serial: 1,
        revision: 1,
        state: 'valid',
        version: 1,
        expires_at: new Date('2031-05-24T16:00:00Z'),
      },
    ]);
    expect(await world.told({ subject: id })).toMatchObject([
      {
        type: badgeIssued.type,
        body: { version: 1, registrationId: id, conferenceId, serial: 1, revision: 1, state: 'valid' },
      },
    ]);
  });

  it('issues to one who was approved and cancelled within one chunk, as it would one by one', async () => {
    const { conferenceId } = await world.conference();
    const id = newId();
    await world.hearRegistrations(
      registrationEvent(id, conferenceId),
      registrationEvent(id, conferenceId, { version: 2, status: 'cancelled' }),
    );
    expect(await world.badgesOf(conferenceId)).toMatchObject([{ registration_id: id, state: 'valid' }]);
  });

  it('keeps those who come before their conference, and issues when it is heard of', async () => {
    const conferenceId = newId();
    const ids = Array.from({ length: 5 }, () => newId());
    await world.hearRegistrations(...ids.map((id) => registrationEvent(id, conferenceId)));
    await world.hearRegistrations(erasedEvent(ids[4] as string, conferenceId));
    expect(await world.badgesOf(conferenceId)).toEqual([]);

    await world.hearConference(conferenceEvent(conferenceId));
    const badges = await world.badgesOf(conferenceId);
    expect(badges.map((badge) => badge.registration_id)).toEqual(ids.slice(0, 4));
    expect(badges.map((badge) => badge.serial)).toEqual([1, 2, 3, 4]);
  });

  it('issues to each exactly once, without a gap in the serials, while conference and registrations arrive at once', async () => {
    for (let round = 0; round < 10; round++) {
      const [one, other] = [newId(), newId()];
      const chunks = Array.from({ length: 6 }, () =>
        Array.from({ length: 20 }, (_, index) => registrationEvent(newId(), index % 2 ? one : other)),
      );
      await Promise.all([
        ...chunks.slice(0, 3).map((chunk) => world.hearRegistrations(...chunk)),
        world.hearConference(conferenceEvent(one)),
        world.hearConference(conferenceEvent(other)),
        ...chunks.slice(3).map((chunk) => world.hearRegistrations(...chunk)),
      ]);
      for (const conferenceId of [one, other]) {
        const serials = (await world.badgesOf(conferenceId)).map((badge) => badge.serial);
        expect(serials).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
      }
    }
  });

  it('makes one key per conference, on first hearing of it', async () => {
    const conferenceId = newId();
    await world.hearConference(conferenceEvent(conferenceId));
    await world.hearConference(conferenceEvent(conferenceId, { version: 2 }));
    const keys = (await world.told<typeof badgeKeyPublished>({ type: badgeKeyPublished.type })).filter(
      ({ body }) => body.conferenceId === conferenceId,
    );
    expect(keys).toMatchObject([{ body: { version: 1, retiredAt: null } }]);
    const [row] = await world.database.query<{ sealed: Buffer; public: Buffer }>(
      'SELECT sealed_private_key AS sealed, public_key AS public FROM signing_keys WHERE conference_id = $1',
      [conferenceId],
    );
    expect(row?.public.toString('base64url')).toBe(keys[0]?.body.publicKey);
    expect(row?.sealed).toHaveLength(60);
  });

  it('extends valid badges when the conference is moved to a later end, and leaves them when to an earlier one', async () => {
    const { conferenceId } = await world.conference();
    const id = await world.approved(conferenceId);
    const before = await world.badges.own(delegate(id, conferenceId), 0);

    await world.hearConference(conferenceEvent(conferenceId, { version: 2, endsOn: '2031-09-21' }));
    const after = await world.badges.own(delegate(id, conferenceId), 0);
    expect(after).toMatchObject({ revision: 1, serial: before.serial, expiresAt: '2031-09-24T16:00:00.000Z' });
    expect(after.payload).not.toBe(before.payload);

    await world.hearConference(conferenceEvent(conferenceId, { version: 3, endsOn: '2031-05-20' }));
    expect(await world.badges.own(delegate(id, conferenceId), 0)).toEqual(after);
    expect((await world.told({ subject: id })).map(({ body }) => [body.version, body.revision])).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  it('revokes the badge of an erased registration, and never issues to it again', async () => {
    const { conferenceId } = await world.conference();
    const id = await world.approved(conferenceId);
    await world.hearRegistrations(erasedEvent(id, conferenceId));
    await world.hearRegistrations(erasedEvent(id, conferenceId), registrationEvent(id, conferenceId));
    expect(await world.badgesOf(conferenceId)).toMatchObject([{ serial: 1, state: 'revoked', version: 2 }]);
    expect((await world.told({ subject: id })).map(({ type }) => type)).toEqual([badgeIssued.type, badgeRevoked.type]);
    expect((await world.links.current('delegate', id))?.generation).toBe(2 ** 31 - 1);
  });

  it('issues a chunk of 500 within one transaction', async () => {
    const { conferenceId } = await world.conference();
    const rates: number[] = [];
    for (let chunk = 0; chunk < 8; chunk++) {
      const events = Array.from({ length: 500 }, () => registrationEvent(newId(), conferenceId));
      const begun = performance.now();
      await world.hearRegistrations(...events);
      rates.push(500 / ((performance.now() - begun) / 1000));
    }
    const serials = (await world.badgesOf(conferenceId)).map((badge) => badge.serial);
    expect(serials).toEqual(Array.from({ length: 4000 }, (_, index) => index + 1));
    if (process.env.SHOW_RATES) console.info(`badges/s in a chunk of 500: ${rates.map(Math.round).join(', ')}`);
  });
});
