import { randomUUID } from 'node:crypto';
import { routes } from '@plenary/contracts';
import { settled, stack, until } from '@plenary/testing';
import { Conference, choiceBecomes, minutes, problemOf } from './world';

describe('registration', () => {
  let conference: Conference;
  beforeAll(async () => {
    conference = await Conference.create();
  });

  it('a repeated idempotency key is one registration, also when sent twenty times at once', async () => {
    const subForum = await conference.subForum();
    const body = conference.submission([subForum.id]);
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        stack().client.call(
          routes.submitRegistration,
          { params: { slug: conference.slug }, body },
          { idempotencyKey: key, wait: 5 },
        ),
      ),
    );
    expect(new Set(answers.map((one) => 'id' in one && one.id)).size).toBe(1);
    expect(new Set(answers.map((one) => 'delegateToken' in one && one.delegateToken)).size).toBe(1);
    const other = await problemOf(
      stack().client.call(
        routes.submitRegistration,
        { params: { slug: conference.slug }, body: { ...body, locale: 'en' } },
        { idempotencyKey: key },
      ),
    );
    expect(other).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  });

  it('an e-mail that registered itself before learns nothing: the link is sent to that mailbox', async () => {
    const email = `${randomUUID()}@delegates.example`;
    const body = conference.submission([], { person: { name: 'Wan Xiaolei', email } });
    const first = await stack().client.request(routes.submitRegistration, { params: { slug: conference.slug }, body });
    expect(first.status).toBe(201);
    const again = await stack().client.request(routes.submitRegistration, {
      params: { slug: conference.slug },
      body: { ...body, person: { name: 'Somebody else', email: email.toUpperCase() } },
    });
    expect([again.status, again.body]).toEqual([202, { state: 'link_sent' }]);
  });

  it('refuses overlapping choices naming both, lets touching ones pass', async () => {
    const first = await conference.subForum({ startsAt: minutes(10), endsAt: minutes(20) });
    const overlapping = await conference.subForum({ startsAt: minutes(15), endsAt: minutes(25) });
    const touching = await conference.subForum({ startsAt: first.endsAt, endsAt: minutes(30) });
    const refused = await problemOf(conference.register([first.id, overlapping.id]));
    expect(refused).toMatchObject({ status: 422, code: 'choices_overlap' });
    expect(JSON.stringify(refused.error.problem)).toContain(first.id);
    expect(JSON.stringify(refused.error.problem)).toContain(overlapping.id);
    const fine = await conference.register([first.id, touching.id]);
    expect(fine.registration.choices.map((one) => one.state)).toEqual(['confirmed', 'confirmed']);
  });

  it('amends only on the version that was read', async () => {
    const subForum = await conference.subForum();
    const delegate = await conference.register([]);
    const { etag } = await delegate.client.request(routes.getOwnRegistration);
    expect(await problemOf(delegate.client.call(routes.amendRegistration, { body: {} }))).toMatchObject({
      status: 428,
      code: 'if_match_missing',
    });
    const amended = await delegate.client.call(
      routes.amendRegistration,
      { body: { person: { organisation: 'City Office' }, choices: [{ subForumId: subForum.id }] } },
      { ifMatch: etag as string, wait: 10 },
    );
    expect(amended).toMatchObject({ person: { organisation: 'City Office' }, choices: [{ state: 'confirmed' }] });
    const stale = await problemOf(
      delegate.client.call(routes.amendRegistration, { body: { choices: [] } }, { ifMatch: etag as string }),
    );
    expect(stale.status).toBe(412);
    const fresh = await delegate.client.request(routes.getOwnRegistration);
    await delegate.client.call(routes.amendRegistration, { body: { choices: [] } }, { ifMatch: fresh.etag as string });
    await settled();
    expect((await conference.organiser.call(routes.getSubForum, { params: { id: subForum.id } })).confirmed).toBe(0);
  });

  it('tells the delegate live what becomes of the seats', async () => {
    const subForum = await conference.subForum({ capacity: 1 });
    const holder = await conference.register([subForum.id]);
    const waiter = await conference.register([subForum.id]);
    const stopping = new AbortController();
    const states: (string | undefined)[] = [];
    const live = waiter.client.watch(routes.watchOwnRegistration, {}, { signal: stopping.signal });
    for await (const { data } of live) {
      states.push(data.choices[0]?.state);
      if (states.length === 1) await holder.client.call(routes.cancelOwnRegistration);
      if (data.choices[0]?.state === 'confirmed') break;
    }
    stopping.abort();
    expect(states[0]).toBe('waitlisted');
    expect(states.at(-1)).toBe('confirmed');
  });

  it('with approval by hand: seats are asked for on approval; every transition and its refusal', async () => {
    const manual = await Conference.create();
    const form = await until(
      async () => {
        const answer = await manual.organiser.request(routes.getRegistrationForm, { params: { slug: manual.slug } });
        return answer.etag ? answer : undefined;
      },
      { what: 'the form' },
    );
    const { conferenceId, open, categories, ...settings } = form.body;
    expect({ conferenceId, open }).toEqual({ conferenceId: manual.id, open: true });
    expect(categories.map((one) => one.key)).toEqual(['delegate', 'press']);
    await manual.organiser.call(
      routes.putRegistrationForm,
      { params: { slug: manual.slug }, body: { ...settings, approval: 'manual' } },
      { ifMatch: form.etag as string },
    );
    const subForum = await manual.subForum();
    const delegate = await manual.register([subForum.id]);
    expect(delegate.registration).toMatchObject({
      status: 'pending',
      choices: [{ state: 'awaiting_approval' }],
      badge: { state: 'none' },
    });

    const act = (route: Parameters<typeof manual.organiser.call>[0]) =>
      manual.organiser.call(route, { params: { id: delegate.id }, body: {} }) as Promise<{ status: string }>;
    expect(await problemOf(delegate.client.call(routes.getOwnBadge))).toMatchObject({
      status: 409,
      code: 'badge_not_ready',
    });
    expect((await act(routes.approveRegistration)).status).toBe('approved');
    await choiceBecomes(delegate, subForum.id, 'confirmed');
    expect(await problemOf(act(routes.approveRegistration))).toMatchObject({
      status: 409,
      code: 'transition_not_allowed',
    });
    expect((await act(routes.resetRegistration)).status).toBe('pending');
    expect((await act(routes.declineRegistration)).status).toBe('declined');
    expect((await act(routes.approveRegistration)).status).toBe('approved');
    await choiceBecomes(delegate, subForum.id, 'confirmed');
    expect((await act(routes.cancelRegistration)).status).toBe('cancelled');
    await settled();
    expect((await manual.organiser.call(routes.getSubForum, { params: { id: subForum.id } })).confirmed).toBe(0);
    expect((await act(routes.reinstateRegistration)).status).toBe('approved');
    await choiceBecomes(delegate, subForum.id, 'confirmed');
    const actions = [];
    await settled();
    for await (const entry of manual.organiser.all(routes.listAudit, { params: { slug: manual.slug } }))
      actions.push(entry.action);
    for (const action of ['approve', 'reset', 'decline', 'cancel', 'reinstate']) {
      expect(actions).toContain(`registration.${action}`);
    }
  });

  it('a rotated link kills the older one', async () => {
    const delegate = await conference.register([]);
    const { delegateToken } = await delegate.client.call(routes.rotateLink, {});
    expect((await stack().client.as(delegateToken).call(routes.getOwnRegistration)).id).toBe(delegate.id);
    expect(await problemOf(delegate.client.call(routes.getOwnRegistration))).toMatchObject({ status: 401 });
    await settled();
    expect(await problemOf(delegate.client.call(routes.getOwnBadge))).toMatchObject({ status: 401 });
  });

  it('lists registrations for organisers by q, status and sub-forum, page by page', async () => {
    const own = await Conference.create();
    const subForum = await own.subForum();
    for (const name of ['Zhao Qinghe', '赵清和', "O'Brien 100%_\\", 'Ana']) {
      await own.register(name === 'Ana' ? [] : [subForum.id], {
        person: { name, email: `${randomUUID()}@delegates.example` },
      });
    }
    const list = async (query: object) => {
      const names: string[] = [];
      for await (const one of own.organiser.all(routes.listRegistrations, { params: { slug: own.slug }, query })) {
        names.push(one.person.name);
      }
      return names.sort();
    };
    expect(await list({ limit: 2 })).toHaveLength(4);
    expect(await list({ q: '清和' })).toEqual(['赵清和']);
    expect(await list({ q: '100%_\\' })).toEqual(["O'Brien 100%_\\"]);
    expect(await list({ q: '%' })).toEqual(["O'Brien 100%_\\"]);
    expect(await list({ subForum: subForum.id })).toHaveLength(3);
    expect(await list({ status: 'cancelled' })).toEqual([]);
    expect(
      await problemOf(stack().client.call(routes.listRegistrations, { params: { slug: own.slug } })),
    ).toMatchObject({ status: 401 });
  });

  it('a leader registers its delegation, without e-mails, up to its quota', async () => {
    const created = await conference.organiser.call(routes.createDelegation, {
      params: { slug: conference.slug },
      body: { name: 'Harbour Cities', leader: { name: 'Leader' }, quota: 2 },
    });
    const leader = stack().client.as(created.leaderToken);
    const member = (name: string) => conference.register([], { person: { name } }, leader);
    const first = await member('One');
    expect(first.registration.delegationId).toBe(created.id);
    await member('Two');
    expect(await problemOf(member('Three'))).toMatchObject({ status: 409, code: 'quota_reached' });
    expect(await leader.call(routes.getOwnDelegation)).toMatchObject({ name: 'Harbour Cities', registered: 2 });
    const nobody = conference.register([], { person: { name: 'No mail' } });
    expect(await problemOf(nobody)).toMatchObject({ status: 422, code: 'email_missing' });
  });
});
