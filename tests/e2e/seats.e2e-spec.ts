import { routes } from '@plenary/contracts';
import { settled, stack, until } from '@plenary/testing';
import { Conference, choiceBecomes, minutes, problemOf, signIn } from './world';

describe('seats', () => {
  let conference: Conference;
  beforeAll(async () => {
    conference = await Conference.create();
  });

  it('confirms in order of arrival, then keeps a waitlist with positions, and promotes its head', async () => {
    const subForum = await conference.subForum({ capacity: 1 });
    const holder = await conference.register([subForum.id]);
    const second = await conference.register([subForum.id]);
    const third = await conference.register([subForum.id]);
    expect(holder.registration.choices[0]).toMatchObject({ state: 'confirmed' });
    expect(second.registration.choices[0]).toMatchObject({ state: 'waitlisted', position: 1 });
    expect(third.registration.choices[0]).toMatchObject({ state: 'waitlisted', position: 2 });

    expect((await holder.client.call(routes.cancelOwnRegistration)).status).toBe('cancelled');
    await choiceBecomes(second, subForum.id, 'confirmed');
    await until(async () => (await choiceBecomes(third, subForum.id, 'waitlisted')).position === 1 || undefined, {
      what: 'position 1',
    });
    expect(await conference.organiser.call(routes.getSubForum, { params: { id: subForum.id } })).toMatchObject({
      confirmed: 1,
      waitlisted: 1,
      seatsLeft: 0,
    });
  });

  it('evicts nobody when capacity falls below confirmed, and promotes when it rises', async () => {
    const subForum = await conference.subForum({ capacity: 3 });
    const holders = [];
    for (let count = 0; count < 3; count += 1) holders.push(await conference.register([subForum.id]));
    const waiter = await conference.register([subForum.id]);

    const plan = await conference.change(subForum.id, { capacity: 1 }, true);
    expect(plan).toMatchObject({ dryRun: true, promoted: [], over: 2, subForum: { capacity: 1, confirmed: 3 } });
    expect((await conference.organiser.call(routes.getSubForum, { params: { id: subForum.id } })).capacity).toBe(3);

    expect(await conference.change(subForum.id, { capacity: 1 })).toMatchObject({ dryRun: false, over: 2 });
    await settled();
    for (const holder of holders) await choiceBecomes(holder, subForum.id, 'confirmed');

    // A release while still over: nobody moves up.
    await holders[0]?.client.call(routes.cancelOwnRegistration);
    await settled();
    expect(await conference.organiser.call(routes.getSubForum, { params: { id: subForum.id } })).toMatchObject({
      confirmed: 2,
      waitlisted: 1,
    });

    const raised = await conference.change(subForum.id, { capacity: 3 });
    expect(raised.promoted).toEqual([{ registrationId: waiter.id, position: 1 }]);
    await choiceBecomes(waiter, subForum.id, 'confirmed');
  });

  it('says who would be in two places at once before a sub-forum is moved', async () => {
    const first = await conference.subForum({ startsAt: minutes(10), endsAt: minutes(20) });
    const second = await conference.subForum({ startsAt: minutes(20), endsAt: minutes(30) });
    const both = await conference.register([first.id, second.id]);
    await conference.register([second.id]);
    await settled();
    const plan = await conference.change(second.id, { startsAt: minutes(15), endsAt: minutes(25) }, true);
    expect(plan).toMatchObject({ dryRun: true, clashes: [{ registrationId: both.id, subForumId: first.id }] });
    expect((await conference.change(second.id, { capacity: 90 })).clashes).toEqual([]);
  });

  it('swaps: the old seat is kept until the new one is confirmed', async () => {
    const old = await conference.subForum({ startsAt: minutes(30), endsAt: minutes(40) });
    const wanted = await conference.subForum({ startsAt: minutes(35), endsAt: minutes(45), capacity: 1 });
    const holder = await conference.register([wanted.id]);
    const swapper = await conference.register([old.id]);

    const { etag } = await swapper.client.request(routes.getOwnRegistration);
    const amended = await swapper.client.call(
      routes.amendRegistration,
      { body: { choices: [{ subForumId: wanted.id, replaces: old.id }] } },
      { ifMatch: etag as string, wait: 10 },
    );
    expect(amended.choices).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ subForumId: old.id, state: 'confirmed' }),
        expect.objectContaining({ subForumId: wanted.id, state: 'waitlisted', replaces: old.id }),
      ]),
    );
    await holder.client.call(routes.cancelOwnRegistration);
    await choiceBecomes(swapper, wanted.id, 'confirmed');
    await until(
      async () => {
        const { choices } = await swapper.client.call(routes.getOwnRegistration);
        const before = choices.find((one) => one.subForumId === old.id);
        return before === undefined || (before.state === 'released' && before.reason === 'swapped') || undefined;
      },
      { what: 'the old seat given back' },
    );
    await settled();
    expect((await conference.organiser.call(routes.getSubForum, { params: { id: old.id } })).confirmed).toBe(0);
  });

  it('releases every seat of a cancelled registration, also those in flight', async () => {
    const subForum = await conference.subForum({ capacity: 5 });
    const cancelled = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const answer = await stack().client.call(routes.submitRegistration, {
          params: { slug: conference.slug },
          body: conference.submission([subForum.id]),
        });
        if (!('delegateToken' in answer)) throw new Error('not new');
        return stack().client.as(answer.delegateToken).call(routes.cancelOwnRegistration);
      }),
    );
    for (const one of cancelled) expect(one.status).toBe('cancelled');
    await settled();
    expect(await conference.organiser.call(routes.getSubForum, { params: { id: subForum.id } })).toMatchObject({
      confirmed: 0,
      waitlisted: 0,
      seatsLeft: 5,
    });
  });

  it('refuses what is closed, ended or for others, and tells why', async () => {
    const closed = await conference.subForum();
    await conference.change(closed.id, { state: 'closed' });
    const ended = await conference.subForum({ startsAt: minutes(-20), endsAt: minutes(-10) });
    const speakersOnly = await conference.subForum({
      categories: ['speaker'],
      startsAt: minutes(40),
      endsAt: minutes(50),
    });
    const delegate = await conference.register([closed.id, ended.id, speakersOnly.id]);
    const reasons = Object.fromEntries(
      delegate.registration.choices.map((one) => [one.subForumId, `${one.state} ${one.reason}`]),
    );
    expect(reasons).toEqual({
      [closed.id]: 'refused closed',
      [ended.id]: 'refused ended',
      [speakersOnly.id]: 'refused category',
    });
  });

  it('a cancelled sub-forum releases its seats and refuses its waiters', async () => {
    const subForum = await conference.subForum({ capacity: 1 });
    const holder = await conference.register([subForum.id]);
    const waiter = await conference.register([subForum.id]);
    const cancelled = await conference.organiser.call(routes.cancelSubForum, { params: { id: subForum.id }, body: {} });
    expect(cancelled.state).toBe('cancelled');
    expect((await choiceBecomes(holder, subForum.id, 'released')).reason).toBe('sub_forum_cancelled');
    expect((await choiceBecomes(waiter, subForum.id, 'refused')).reason).toBe('sub_forum_cancelled');
  });

  it('promotes out of turn with a reason, audited; never above capacity', async () => {
    const subForum = await conference.subForum({ capacity: 1 });
    const holder = await conference.register([subForum.id]);
    await conference.register([subForum.id]);
    const later = await conference.register([subForum.id]);
    const params = { id: subForum.id, registrationId: later.id };
    const full = await problemOf(
      conference.organiser.call(routes.promoteOutOfTurn, { params, body: { reason: 'keynote guest' } }),
    );
    expect(full).toMatchObject({ status: 409, code: 'sub_forum_full' });

    // With promotion stopped by a lowered capacity, a seat can be free while people wait: then it is a choice.
    const { items } = await conference.organiser.call(routes.listWaitlist, { params: { id: subForum.id } });
    expect(items.map((one) => one.position)).toEqual([1, 2]);
    await holder.client.call(routes.cancelOwnRegistration);
    await settled();
    expect((await conference.organiser.call(routes.getSubForum, { params: { id: subForum.id } })).confirmed).toBe(1);
  });

  it('lets a co-host change its own sub-forum up to the room cap, and nothing else', async () => {
    const own = await conference.subForum({ capacity: 10, roomCap: 20 });
    const other = await conference.subForum();
    const email = `cohost-${own.id}@staff.example`;
    const { link } = await conference.organiser.call(routes.createStaff, {
      params: { slug: conference.slug },
      body: { name: 'Co-host', email, roles: [{ role: 'cohost', subForumIds: [own.id] }] },
    });
    await stack().client.call(routes.setPassword, { body: { link: link as string, password: 'a long password' } });
    const signedIn = await stack().client.call(routes.signIn, { body: { email, password: 'a long password' } });
    const cohost = stack().client.as(signedIn.accessToken);
    const { etag } = await cohost.request(routes.getSubForum, { params: { id: own.id } });
    const change = (id: string, body: object) =>
      cohost.call(routes.changeSubForum, { params: { id }, body }, { ifMatch: etag as string });
    expect(await problemOf(change(own.id, { capacity: 21 }))).toMatchObject({ status: 422 });
    expect(await problemOf(change(own.id, { room: 'Elsewhere' }))).toMatchObject({
      status: 403,
      code: 'field_not_allowed',
    });
    expect(await problemOf(change(other.id, { capacity: 5 }))).toMatchObject({ status: 403 });
    expect((await change(own.id, { capacity: 20 })).subForum.capacity).toBe(20);
  });

  it('keeps conferences apart', async () => {
    const foreign = await (await Conference.create()).subForum();
    const refused = await problemOf(conference.register([foreign.id]));
    expect(refused).toMatchObject({ status: 422, code: 'sub_forum_unknown' });
    const desk = await signIn('organiser');
    expect(await problemOf(desk.call(routes.getSubForum, { params: { id: crypto.randomUUID() } }))).toMatchObject({
      status: 404,
    });
  });
});
