import { type Registration, routes } from '@plenary/contracts';
import { type Answer, encodeCursor } from '@plenary/platform';
import { World } from '../registration.test-world';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());

const problem = (status: number, code: string) => expect.objectContaining({ status, code });
const count = async (statement: string, parameters: unknown[] = []) =>
  (await world.sql<{ n: number }>(`SELECT count(*)::int AS n ${statement}`, parameters))[0]?.n;

describe('submitting', () => {
  it('stores all of it, tells it in order, and answers with a working link', async () => {
    const [a, b] = [await world.subForum(0, 10), await world.subForum(10, 20)];
    const { body, options } = await world.submit(world.submission([a, b]));
    expect(options).toMatchObject({ status: 201, etag: '"1"' });
    expect(routes.submitRegistration.answer.parse(body)).toEqual(body);
    if (!('delegateToken' in body)) throw new Error('no registration');
    expect(body).toMatchObject({
      status: 'approved',
      choices: [
        { subForumId: a, state: 'pending' },
        { subForumId: b, state: 'pending' },
      ],
    });
    expect(world.tokens.parse(body.delegateToken)).toEqual({ kind: 'delegate', id: body.id, generation: 1 });
    const { delegateToken: _, ...registration } = body;
    expect(await world.read(body.id)).toEqual(registration);
    const told = await world.told(body.id);
    expect(told.map(({ type, body: { version } }) => [type, version])).toEqual([
      ['registration.submitted.v1', 1],
      ['seat.requested.v1', 1],
      ['seat.requested.v1', 1],
    ]);
    expect(told[0]?.body).toMatchObject({ status: 'approved', subForumIds: [a, b] });
  });

  it('gives one registration and one answer to 20 at once under one key', async () => {
    const choice = await world.subForum();
    const body = world.submission([choice]);
    const key = world.key();
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.submit(body, world.anyone, key)));
    const first = answers[0]?.body as Registration & { delegateToken: string };
    for (const answer of answers) {
      expect(answer.options.status).toBe(201);
      expect(answer.body).toEqual(first);
    }
    expect(await count("FROM people WHERE person->>'email' = $1", [body.person.email])).toBe(1);
    expect(await world.told(first.id)).toHaveLength(2);
    await expect(world.submit(body, world.anyone, { ...key, requestHash: 'other' })).rejects.toThrow(
      problem(422, 'idempotency_key_reused'),
    );
  });

  it('registers a mailbox once, however it is written and raced for; the others are told nothing', async () => {
    const email = 'Wang.Wei@Delegates.Example';
    const bodies = Array.from({ length: 12 }, (_, n) =>
      world.submission([], { person: { name: `Wang ${n}`, email: n % 2 ? email : email.toLowerCase() } }),
    );
    const answers = await Promise.all(bodies.map((body) => world.submit(body)));
    const registered = answers.filter(({ body }) => 'id' in body);
    expect(registered).toHaveLength(1);
    for (const answer of answers.filter((one) => one !== registered[0])) {
      expect(answer.options.status).toBe(202);
      expect(answer.body).toEqual({ state: 'link_sent' });
    }
    const id = (registered[0]?.body as Registration | undefined)?.id as string;
    const told = await world.told(id);
    // However often it is asked for: one mail a minute.
    expect(told.map((event) => event.type)).toEqual(['registration.submitted.v1', 'registration.link-requested.v1']);
    expect(told[1]?.body).toMatchObject({ version: 2, person: { name: expect.stringMatching(/^Wang/) } });
    expect(
      await count(
        'FROM registrations WHERE id <> $1 AND id IN (SELECT registration_id FROM people WHERE mailbox = $2)',
        [id, email.toLowerCase()],
      ),
    ).toBe(0);
  });

  it('lets no submission suffer for another that is stored with it', async () => {
    const email = 'pair@delegates.example';
    const spoilt = world.submission([], {
      person: { name: 'a half character: \ud842', email: 'half@delegates.example' },
    });
    const results = await Promise.allSettled([
      ...Array.from({ length: 9 }, () => world.submit(world.submission(), world.anyone, world.key())),
      world.submit(spoilt, world.anyone, world.key()),
      ...Array.from({ length: 2 }, () => world.submit(world.submission([], { person: { name: 'Pair', email } }))),
    ]);
    const statuses = results.map((result) => (result.status === 'fulfilled' ? result.value.options.status : 'failed'));
    expect(statuses.slice(0, 10)).toEqual([...Array(9).fill(201), 'failed']);
    expect(statuses.slice(10).sort()).toEqual([201, 202]);
    expect(await count("FROM people WHERE mailbox = 'half@delegates.example'")).toBe(0);
  });

  it('answers a repeat as before, also when it would be refused by now', async () => {
    const own = await World.open();
    try {
      const [body, key] = [own.submission(), own.key()];
      const first = await own.submit(body, own.anyone, key);
      await own.hearConference({ version: 2, state: 'archived' });
      await expect(own.submit(own.submission())).rejects.toThrow(problem(409, 'registration_closed'));
      expect((await own.submit(body, own.anyone, key)).body).toEqual(first.body);
    } finally {
      await own.close();
    }
  });

  it('lets desk and leader register the same mailbox, or none, and keeps the quota', async () => {
    const created = await world.delegations.create(
      { params: { slug: world.slug }, query: {}, body: { name: 'Oslo', leader: { name: 'Kari' }, quota: 2 } },
      world.organiser,
      world.key(),
    );
    const leader = { kind: 'leader', delegationId: created.id, conferenceId: world.conferenceId } as const;
    const { registration } = await world.register();
    const again = await world.register([], { person: registration.person }, world.staff('desk'));
    expect(again.id).not.toBe(registration.id);
    const member = await world.register([], { person: { name: 'Nordmann' }, category: 'vip' }, leader);
    expect(member.registration.delegationId).toBe(created.id);
    // Whoever passes every door is named by staff.
    const everywhere = { person: { name: 'Shortcut' }, category: 'staff' };
    await expect(world.register([], everywhere, leader)).rejects.toThrow(problem(403, 'category_not_public'));
    await world.register([], everywhere, world.staff('desk'));

    const results = await Promise.allSettled(
      Array.from({ length: 6 }, () => world.register([], { person: { name: 'One more' } }, leader)),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(5);
    for (const { reason } of refused) expect(reason).toEqual(problem(409, 'quota_reached'));
    expect(await world.delegations.own(leader)).toMatchObject({ name: 'Oslo', quota: 2, registered: 2 });

    await world.decide('cancel', member.id);
    await world.register([], { person: { name: 'In their place' } }, leader);
    await expect(world.decide('reinstate', member.id)).rejects.toThrow(problem(409, 'quota_reached'));
  });

  it('refuses what may not be, and stores nothing of it', async () => {
    const other = await world.subForum(0, 10, '00000000-0000-7000-8000-0000000000ff');
    const [a, b] = [await world.subForum(0, 10), await world.subForum(9, 20)];
    const before = await count('FROM registrations');
    const refusal = (body: Parameters<World['submit']>[0]) => expect(world.submit(body)).rejects;
    await refusal(world.submission([], { person: { name: 'Nobody' } })).toThrow(problem(422, 'email_missing'));
    await refusal(world.submission([], { category: 'pope' })).toThrow(problem(422, 'category_unknown'));
    await refusal(world.submission([], { category: 'vip' })).toThrow(problem(403, 'category_not_public'));
    await refusal(world.submission([other])).toThrow(problem(422, 'sub_forum_unknown'));
    await refusal(world.submission([a, b])).toThrow(
      expect.objectContaining({ code: 'choices_overlap', detail: expect.stringMatching(new RegExp(`${a}.*${b}`)) }),
    );
    await refusal(world.submission([], { choices: [{ subForumId: a, replaces: b }] })).toThrow(
      problem(422, 'replaces_not_confirmed'),
    );
    await expect(
      world.submissions.submit(
        { params: { slug: 'no-such-conference' }, query: {}, body: world.submission() },
        world.anyone,
        undefined,
        0,
      ),
    ).rejects.toThrow(problem(404, 'not_found'));
    expect(await count('FROM registrations')).toBe(before);
  });

  it('waits for a conference and a sub-forum that were made just before', async () => {
    const late = await world.subForum(30, 40);
    await world.sql('DELETE FROM known_sub_forums WHERE sub_forum_id = $1', [late]);
    world.programme.forget();
    const answer = world.submit(world.submission([late]));
    await world.sql(
      `INSERT INTO known_sub_forums (sub_forum_id, version, conference_id, code, title, starts_at, ends_at)
       VALUES ($1, 1, $2, 'late', '{"en": "Late"}', '2099-05-20T02:00Z', '2099-05-20T03:00Z')`,
      [late, world.conferenceId],
    );
    expect((await answer).options.status).toBe(201);
  });

  it('waits, if asked to, until nothing is pending', async () => {
    const choice = await world.subForum();
    const body = world.submission([choice]);
    const key = world.key();
    const { body: first } = await world.submit(body, world.anyone, key);
    const waiting = world.submit(body, world.anyone, key, 5000);
    const { id } = first as Registration;
    await world.answer(await world.lastRequest(id, choice), 'confirmed');
    expect((await waiting).body).toMatchObject({ id, choices: [{ subForumId: choice, state: 'confirmed' }] });
  });
});

describe('amending', () => {
  it('needs the current tag, and keeps it when nothing was said', async () => {
    const delegate = await world.register();
    const { options } = await world.amend(delegate, { person: { jobTitle: 'Engineer' } }, '1');
    expect(options.etag).toBe('"2"');
    await expect(world.amend(delegate, { locale: 'en' }, '1')).rejects.toThrow(problem(412, 'stale'));
    expect((await world.amend(delegate, { person: { jobTitle: 'Engineer' } }, '2')).options.etag).toBe('"2"');
    expect((await world.told(delegate.id)).map((event) => event.type)).toEqual([
      'registration.submitted.v1',
      'registration.amended.v1',
    ]);
    expect((await world.read(delegate.id)).person).toMatchObject({ name: '欧阳明慧', jobTitle: 'Engineer' });
  });

  it('does not let outcomes move the tag', async () => {
    const delegate = await world.confirmed([await world.subForum()]);
    expect((await world.readings.own(delegate.caller, 0)).options.etag).toBe('"1"');
  });

  it('releases what is left out, requests what is new, leaves the rest alone', async () => {
    const [a, b, c] = [await world.subForum(0, 10), await world.subForum(10, 20), await world.subForum(20, 30)];
    const delegate = await world.confirmed([a, b]);
    const { body } = await world.amend(delegate, { choices: [{ subForumId: c }, { subForumId: b }] });
    expect(body.choices.map(({ subForumId, state }) => [subForumId, state])).toEqual([
      [c, 'pending'],
      [b, 'confirmed'],
      [a, 'released'],
    ]);
    expect(await world.requests(delegate.id, b)).toHaveLength(1);
    const [asked, released] = await world.requests(delegate.id, a);
    expect(released).toMatchObject({
      type: 'seat.release-requested.v1',
      version: 2,
      reason: 'withdrawn',
      requestId: asked?.requestId,
    });
    expect(
      (await world.told(delegate.id)).find(({ type }) => type === 'registration.amended.v1')?.body.subForumIds,
    ).toEqual([c, b]);
  });

  it('swaps: the old seat goes once the new one is confirmed', async () => {
    const [a, b] = [await world.subForum(0, 10), await world.subForum(5, 15)];
    const delegate = await world.confirmed([a]);
    const { body } = await world.amend(delegate, { choices: [{ subForumId: b, replaces: a }] });
    expect(body.choices).toEqual([
      { subForumId: b, state: 'pending', replaces: a },
      { subForumId: a, state: 'confirmed' },
    ]);
    expect(await world.requests(delegate.id, a)).toHaveLength(1);
    await world.answer(await world.lastRequest(delegate.id, b), 'confirmed');
    expect(await world.lastRequest(delegate.id, a)).toMatchObject({ reason: 'swapped', version: 2 });
    expect(await world.stateOf(delegate.id, a)).toBe('released swapped');
    expect(await world.stateOf(delegate.id, b)).toBe('confirmed');
  });

  it('lets a swap wait on the waitlist, keeps the old seat meanwhile, and completes on promotion', async () => {
    const [a, b] = [await world.subForum(0, 10), await world.subForum(5, 15)];
    const delegate = await world.confirmed([a]);
    await world.amend(delegate, { choices: [{ subForumId: b, replaces: a }] });
    const request = await world.lastRequest(delegate.id, b);
    await world.answer(request, 'waitlisted', { place: 3, position: 1 });
    expect(await world.stateOf(delegate.id, a)).toBe('confirmed');
    await world.answer(request, 'confirmed', { promoted: true });
    expect(await world.stateOf(delegate.id, a)).toBe('released swapped');
  });

  it('ends a waiting swap when the old sub-forum starts', async () => {
    const past = new Date(Date.now() - 1000);
    const [a, b] = [await world.subForum(past, new Date(Date.now() + 60_000)), await world.subForum(0, 10)];
    const delegate = await world.confirmed([a]);
    await world.amend(delegate, { choices: [{ subForumId: b, replaces: a }] });
    await world.answer(await world.lastRequest(delegate.id, b), 'waitlisted', { place: 1 });
    await world.resender.run(new Date());
    expect(await world.stateOf(delegate.id, b)).toBe('released withdrawn');
    expect(await world.stateOf(delegate.id, a)).toBe('confirmed');
    expect(await world.lastRequest(delegate.id, b)).toMatchObject({ reason: 'withdrawn' });
  });

  it('ignores the outcome of a superseded request', async () => {
    const a = await world.subForum();
    const delegate = await world.register([a]);
    const first = await world.lastRequest(delegate.id, a);
    await world.amend(delegate, { choices: [] });
    await world.amend(delegate, { choices: [{ subForumId: a }] });
    await world.deliver([world.outcome(first, 'confirmed'), world.outcome(first, 'released', { reason: 'withdrawn' })]);
    expect(await world.stateOf(delegate.id, a)).toBe('pending');
    await world.answer(await world.lastRequest(delegate.id, a), 'refused', { reason: 'closed' });
    expect(await world.stateOf(delegate.id, a)).toBe('refused closed');
  });

  it('empties with null what may be left empty', async () => {
    const delegate = await world.register();
    await world.amend(delegate, { person: { organisation: 'Data Bureau', phone: '+86 24', needs: 'No nuts' } });
    await world.amend(delegate, { person: { organisation: null, needs: null, jobTitle: null } });
    const { person } = await world.read(delegate.id);
    expect(person).toMatchObject({ phone: '+86 24' });
    for (const field of ['organisation', 'needs', 'jobTitle']) expect(person).not.toHaveProperty(field);
    expect((await world.told(delegate.id)).at(-1)?.body.person).toMatchObject({ organisation: null });
  });

  it('moves the claim on a mailbox along, and tells nobody where it is taken', async () => {
    const taken = (await world.register()).registration.person.email as string;
    const delegate = await world.register();
    const own = delegate.registration.person.email as string;
    await world.amend(delegate, { person: { email: taken } });
    expect((await world.read(delegate.id)).person.email).toBe(taken);
    expect((await world.submit(world.submission([], { person: { name: 'X', email: own } }))).options.status).toBe(202);
    await world.amend(delegate, { person: { email: `new-${own}` } });
    expect((await world.submit(world.submission([], { person: { name: 'X', email: own } }))).options.status).toBe(201);
  });
});

describe('cancelling', () => {
  it('releases every seat, also one whose request is on the way, and stays released', async () => {
    const [a, b] = [await world.subForum(0, 10), await world.subForum(10, 20)];
    const delegate = await world.register([a, b]);
    await world.answer(await world.lastRequest(delegate.id, a), 'confirmed');
    const onTheWay = await world.lastRequest(delegate.id, b);
    const { body } = await world.amendments.cancel(delegate.caller);
    expect(body.status).toBe('cancelled');
    expect(body.choices.map(({ state, reason }) => `${state} ${reason}`)).toEqual(
      Array(2).fill('released registration_cancelled'),
    );
    await world.deliver([
      world.outcome(onTheWay, 'confirmed'),
      world.outcome(await world.lastRequest(delegate.id, b), 'released', { reason: 'registration_cancelled' }),
    ]);
    expect(await world.stateOf(delegate.id, b)).toBe('released registration_cancelled');
    expect((await world.requests(delegate.id, b)).map(({ type }) => type)).toEqual([
      'seat.requested.v1',
      'seat.release-requested.v1',
    ]);
    await expect(world.amend(delegate, { locale: 'en' })).rejects.toThrow(problem(409, 'registration_not_active'));
    expect((await world.amendments.cancel(delegate.caller)).body.status).toBe('cancelled');
    expect(
      await world.told(delegate.id).then((told) => told.filter(({ type }) => type === 'registration.cancelled.v1')),
    ).toHaveLength(1);
  });
});

describe('deciding', () => {
  it('asks for seats on approval only, gives them up on reset and decline, and joins the tail when reinstated', async () => {
    const reviewed = await World.open();
    try {
      const form = await reviewed.forms.get(
        { params: { slug: reviewed.slug }, query: {}, body: undefined },
        reviewed.anyone,
      );
      expect(form).toMatchObject({
        body: { open: true, approval: 'automatic', questions: [] },
        options: { etag: '"1"' },
      });
      const { conferenceId: _c, open: _o, categories: _k, ...settings } = form.body;
      const manual = { params: { slug: reviewed.slug }, query: {}, body: { ...settings, approval: 'manual' as const } };
      expect((await reviewed.forms.put(manual, reviewed.organiser, '1')).options.etag).toBe('"2"');
      await expect(reviewed.forms.put(manual, reviewed.organiser, '1')).rejects.toThrow(problem(412, 'stale'));

      const a = await reviewed.subForum();
      const { id, registration } = await reviewed.register([a]);
      expect(registration).toMatchObject({ status: 'pending', choices: [{ state: 'awaiting_approval' }] });
      expect(await reviewed.requests(id, a)).toEqual([]);

      expect((await reviewed.decide('approve', id)).body.choices[0]?.state).toBe('pending');
      const first = await reviewed.lastRequest(id, a);
      await reviewed.answer(first, 'confirmed');
      expect((await reviewed.decide('reset', id)).body).toMatchObject({
        status: 'pending',
        choices: [{ state: 'awaiting_approval' }],
      });
      const release = await reviewed.lastRequest(id, a);
      expect(release).toMatchObject({ reason: 'registration_cancelled', requestId: first.requestId });
      await reviewed.answer(release, 'released', { reason: 'registration_cancelled' });
      expect(await reviewed.stateOf(id, a)).toBe('awaiting_approval');

      await reviewed.decide('approve', id);
      const second = await reviewed.lastRequest(id, a);
      expect(second.requestId).not.toBe(first.requestId);
      await reviewed.decide('cancel', id);
      expect((await reviewed.decide('reinstate', id)).body).toMatchObject({
        status: 'approved',
        choices: [{ subForumId: a, state: 'pending' }],
      });
      const third = await reviewed.lastRequest(id, a);
      expect(third.requestId).not.toBe(second.requestId);
      await reviewed.answer(third, 'waitlisted', { place: 9 });
      expect((await reviewed.decide('decline', id)).body).toMatchObject({
        status: 'declined',
        choices: [{ state: 'released', reason: 'registration_cancelled' }],
      });
      await expect(reviewed.decide('cancel', id)).rejects.toThrow(problem(409, 'transition_not_allowed'));

      const told = await reviewed.told(id);
      const own = told.filter(({ subject }) => subject === id);
      expect(own.map(({ type }) => type.split('.')[1])).toEqual([
        'submitted',
        'approved',
        'reset',
        'approved',
        'cancelled',
        'reinstated',
        'declined',
      ]);
      expect(own.map(({ body }) => body.version)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      const queue = told.filter(({ subject }) => subject === `${id}/${a}`);
      expect(queue.map(({ body }) => body.version)).toEqual(queue.map((_, index) => index + 1));
      const audited = (await reviewed.told()).filter(({ type }) => type === 'audit.recorded.v1');
      expect(audited.map(({ body }) => body.action)).toEqual([
        'registration_form.change',
        ...['approve', 'reset', 'approve', 'cancel', 'reinstate', 'decline'].map((act) => `registration.${act}`),
      ]);
    } finally {
      await reviewed.close();
    }
  });

  it('is for organisers of this conference; for others it is not there', async () => {
    const { id } = await world.register();
    await expect(world.decide('cancel', id, world.staff('desk'))).rejects.toThrow(problem(403, 'role_required'));
    const elsewhere = world.staff('organiser', '00000000-0000-7000-8000-0000000000fd');
    await expect(world.decide('cancel', id, elsewhere)).rejects.toThrow(problem(404, 'not_found'));
    expect((await world.read(id)).status).toBe('approved');
  });
});

describe('asking again', () => {
  it('repeats what was not answered for 30 s under the same name, once for all replicas', async () => {
    const a = await world.subForum();
    const delegate = await world.register([a]);
    await world.resender.resend(new Date(Date.now() + 20_000));
    expect(await world.requests(delegate.id, a)).toHaveLength(1);
    const later = new Date(Date.now() + 31_000);
    await Promise.all(Array.from({ length: 4 }, () => world.resender.resend(later)));
    const [first, again, ...rest] = await world.requests(delegate.id, a);
    expect(rest).toEqual([]);
    expect(again).toMatchObject({ type: 'seat.requested.v1', requestId: first?.requestId, version: 2 });
    await world.answer(again as never, 'confirmed');
    await world.resender.resend(new Date(Date.now() + 3_600_000));
    expect(await world.requests(delegate.id, a)).toHaveLength(2);
  });
});

describe('reading', () => {
  it('shows the place among those who wait, as it moves', async () => {
    const a = await world.subForum();
    const delegates = [await world.register([a]), await world.register([a]), await world.register([a])];
    const requests = await Promise.all(delegates.map(({ id }) => world.lastRequest(id, a)));
    await world.deliver(requests.map((request, place) => world.outcome(request, 'waitlisted', { place })));
    const positions = async () =>
      Promise.all(delegates.map(async ({ id }) => (await world.read(id)).choices[0]?.position));
    expect(await positions()).toEqual([1, 2, 3]);
    await world.answer(requests[0] as never, 'confirmed', { promoted: true });
    expect(await positions()).toEqual([undefined, 1, 2]);
  });

  it('filters the list, escapes what is searched, and pages through all', async () => {
    const own = await World.open();
    try {
      const [a, b] = [await own.subForum(0, 10), await own.subForum(10, 20)];
      const people = [
        { name: '张伟', latinName: 'ZHANG Wei', email: 'zhang@data.example', organisation: 'Data Bureau' },
        { name: '100% Anna_B', email: 'anna@city.example' },
        { name: 'Carl', email: 'carl@city.example', organisation: 'City of Åland' },
      ];
      const [zhang, anna, carl] = await Promise.all(
        people.map((person, n) =>
          own.register(n === 0 ? [a] : [b], { person, category: n === 2 ? 'press' : 'delegate' }),
        ),
      );
      await own.answer(await own.lastRequest(anna?.id as string, b), 'confirmed');
      await own.amend(zhang as never, { choices: [] });
      await own.decide('decline', carl?.id as string);

      const list = async (query: object, caller = own.organiser) =>
        own.readings.list(
          { params: { slug: own.slug }, query: routes.listRegistrations.query.parse(query), body: undefined },
          caller,
        );
      const names = async (query: object, caller = own.organiser) =>
        (await list(query, caller)).items.map(({ person }) => person.name).sort();

      expect(await names({})).toHaveLength(3);
      expect(await names({ q: '张' })).toEqual(['张伟']);
      expect(await names({ q: 'zhang w' })).toEqual(['张伟']);
      expect(await names({ q: 'CITY' })).toEqual(['100% Anna_B', 'Carl']);
      expect(await names({ q: 'åland' })).toEqual(['Carl']);
      expect(await names({ q: 'aland OF' })).toEqual(['Carl']);
      expect(await names({ q: 'data.example' })).toEqual(['张伟']);
      expect(await names({ q: '@city.' })).toEqual(['100% Anna_B', 'Carl']);
      expect(await names({ q: 'data bureau' })).toEqual(['张伟']);
      expect(await names({ q: '张 伟' })).toEqual(['张伟']);
      expect(await names({ q: 'wei  zhang' })).toEqual(['张伟']);
      expect(await names({ q: 'zhang city' })).toEqual([]);
      expect(await names({ q: '0%' })).toEqual(['100% Anna_B']);
      expect(await names({ q: 'a_b' })).toEqual(['100% Anna_B']);
      expect(await names({ q: '%' })).toEqual(['100% Anna_B']);
      expect(await names({ status: 'declined' })).toEqual(['Carl']);
      expect(await names({ category: 'delegate' })).toEqual(['100% Anna_B', '张伟']);
      expect(await names({ subForum: b })).toEqual(['100% Anna_B']);
      expect(await names({ subForum: b, seat: 'released' })).toEqual(['Carl']);
      expect(await names({ seat: 'confirmed' })).toEqual(['100% Anna_B']);
      expect(await names({ delegation: a })).toEqual([]);
      expect(
        await names({ q: 'city', seat: 'confirmed', subForum: b, category: 'delegate', status: 'approved' }),
      ).toEqual(['100% Anna_B']);
      expect(await names({ q: 'city', seat: 'confirmed', category: 'press' })).toEqual([]);
      expect(await names({ q: 'city', status: 'declined', category: 'delegate' })).toEqual([]);

      const seen: string[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await list({ limit: 2, ...(cursor ? { cursor } : {}) });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor);
      expect(new Set(seen).size).toBe(3);
      expect(seen).toHaveLength(3);
      const id = zhang?.id as string;
      for (const values of [
        ['x', 'y'],
        [null, 'y'],
        [5, id],
        ['5', id],
        ['0000-01-01T00:00:00Z', id],
      ]) {
        await expect(list({ cursor: encodeCursor(values) })).rejects.toThrow(problem(400, 'cursor_invalid'));
      }

      const desk = own.staff('desk');
      await expect(list({}, desk)).rejects.toThrow(problem(422, 'query_missing'));
      expect(await names({ q: 'example' }, desk)).toHaveLength(3);
      await Promise.all(Array.from({ length: 25 }, () => own.register()));
      expect(await list({ q: 'example', limit: 200 }, desk)).toMatchObject({ items: { length: 20 }, nextCursor: null });
      await expect(list({ q: 'example' }, own.anyone)).rejects.toThrow(problem(401, 'credentials_missing'));
    } finally {
      await own.close();
    }
  });

  it('pages in one order, also where many arrived in the same instant', async () => {
    const own = await World.open();
    try {
      const made = await Promise.all(Array.from({ length: 30 }, () => own.register()));
      await own.sql('UPDATE registrations SET created_at = $1', [new Date('2026-05-01T08:00:00Z')]);
      const list = (query: object) =>
        own.readings.list(
          { params: { slug: own.slug }, query: routes.listRegistrations.query.parse(query), body: undefined },
          own.organiser,
        );
      const ids: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof list>> = await list({ limit: 7, ...(cursor ? { cursor } : {}) });
        ids.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor);
      expect(ids).toEqual(made.map(({ id }) => id).sort());
      expect((await list({ limit: 200 })).items.map(({ id }) => id)).toEqual(ids);
    } finally {
      await own.close();
    }
  });

  it('counts registrations by status, and those who wait for a seat once', async () => {
    const own = await World.open();
    try {
      const counts = (caller = own.organiser) =>
        own.readings.counts({ params: { slug: own.slug }, query: {}, body: undefined }, caller);
      expect(await counts()).toEqual({
        total: 0,
        byStatus: { pending: 0, approved: 0, declined: 0, cancelled: 0 },
        waitlisted: 0,
      });
      const [a, b] = [await own.subForum(0, 10), await own.subForum(10, 20)];
      const waiting = await own.register([a, b]);
      for (const choice of [a, b]) {
        await own.answer(await own.lastRequest(waiting.id, choice), 'waitlisted', { place: 1 });
      }
      await own.confirmed([a]);
      await own.decide('decline', (await own.register()).id);
      await own.decide('cancel', (await own.register()).id);
      await own.decide('reset', (await own.register()).id);
      const expected = {
        total: 5,
        byStatus: { pending: 1, approved: 2, declined: 1, cancelled: 1 },
        waitlisted: 1,
      };
      expect(await counts()).toEqual(expected);
      expect(await counts(own.staff('desk'))).toEqual(expected);
      await expect(counts(own.anyone)).rejects.toThrow(problem(401, 'credentials_missing'));
      await expect(counts(own.staff('desk', waiting.id))).rejects.toThrow(problem(404, 'not_found'));
    } finally {
      await own.close();
    }
  });

  it('counts 20,000 registrations in no time', async () => {
    const own = await World.open();
    try {
      await own.sql(
        `INSERT INTO registrations (id, conference_id, version, settings_version, status, category, locale, sub_forum_ids,
           link_generation, created_at, changed_at)
         SELECT gen_random_uuid(), $1, 1, 1, CASE WHEN n % 4 = 0 THEN 'pending' ELSE 'approved' END, 'delegate', 'en',
           '{}', 1, now(), now() FROM generate_series(1, 20000) AS n`,
        [own.conferenceId],
      );
      await own.sql(
        `INSERT INTO choices (registration_id, sub_forum_id, state, queue_version, seat_version)
         SELECT id, $1, CASE WHEN status = 'pending' THEN 'waitlisted' ELSE 'confirmed' END, 1, 1 FROM registrations`,
        [await own.subForum()],
      );
      await own.sql('ANALYZE registrations');
      await own.sql('ANALYZE choices');
      const counts = () =>
        own.readings.counts({ params: { slug: own.slug }, query: {}, body: undefined }, own.organiser);
      expect(await counts()).toMatchObject({ total: 20_000, byStatus: { pending: 5000 }, waitlisted: 5000 });
      const began = performance.now();
      for (let n = 0; n < 5; n += 1) await counts();
      const each = (performance.now() - began) / 5;
      process.stdout.write(`counting 20,000 registrations: ${each.toFixed(1)} ms\n`);
      expect(each).toBeLessThan(1000);
    } finally {
      await own.close();
    }
  });

  it('streams each change with an id that any replica can go on from, until the link is replaced', async () => {
    const a = await world.subForum();
    const delegate = await world.register([a]);
    const stream = world.readings.stream(delegate.caller, undefined)[Symbol.asyncIterator]();
    const first = await stream.next();
    expect(first.value.data).toMatchObject({ choices: [{ state: 'pending' }] });
    await world.answer(await world.lastRequest(delegate.id, a), 'waitlisted', { place: 4 });
    const second = await stream.next();
    expect(second.value).toMatchObject({ data: { choices: [{ state: 'waitlisted', position: 1 }] } });
    expect(second.value.id).not.toBe(first.value.id);

    // Elsewhere, later: nothing is repeated that was seen.
    const resumed = world.readings.stream(delegate.caller, second.value.id)[Symbol.asyncIterator]();
    const next = resumed.next();
    await world.answer(await world.lastRequest(delegate.id, a), 'confirmed', { promoted: true });
    expect((await next).value.data).toMatchObject({ choices: [{ state: 'confirmed' }] });
    expect((await stream.next()).value.data).toMatchObject({ choices: [{ state: 'confirmed' }] });

    const { delegateToken } = await world.links.rotate({ params: {}, query: {}, body: undefined }, delegate.caller);
    expect(world.tokens.parse(delegateToken)?.generation).toBe(2);
    expect(await world.currentLinks.current('delegate', delegate.id)).toEqual({
      generation: 2,
      conferenceId: world.conferenceId,
    });
    expect((await resumed.next()).done).toBe(true);
    expect((await stream.next()).done).toBe(true);
  });

  it('does not answer an unknown id, nor staff of another conference', async () => {
    const { id } = await world.register();
    const read = (wanted: string, caller = world.organiser): Promise<Answer> =>
      world.readings.byId({ params: { id: wanted }, query: {}, body: undefined }, caller, 0);
    expect((await read(id, world.staff('desk'))).body).toMatchObject({ id });
    await expect(read('00000000-0000-7000-8000-000000000000')).rejects.toThrow(problem(404, 'not_found'));
    const elsewhere = world.staff('organiser', '00000000-0000-7000-8000-0000000000fd');
    await expect(read(id, elsewhere)).rejects.toThrow(problem(404, 'not_found'));
  });
});

describe('under concurrency', () => {
  it('keeps every version contiguous while outcomes, amendments and cancellations meet', async () => {
    const subForums = [await world.subForum(0, 10), await world.subForum(10, 20), await world.subForum(20, 30)];
    const delegates = await Promise.all(Array.from({ length: 10 }, () => world.register(subForums)));
    await Promise.all(
      delegates.flatMap((delegate, n) =>
        [
          world.amend(delegate, { choices: subForums.slice(n % 3).map((subForumId) => ({ subForumId })) }),
          world.resender.resend(new Date(Date.now() + 40_000)),
          ...subForums.map(async (subForum) =>
            world.answer(await world.lastRequest(delegate.id, subForum), 'confirmed'),
          ),
          ...(n % 4 === 0 ? [world.decide('cancel', delegate.id)] : []),
        ].map((work) =>
          Promise.resolve(work).catch((error) => {
            if (error.code !== 'registration_not_active') throw error;
          }),
        ),
      ),
    );
    for (const { id } of delegates) {
      const bySubject = Map.groupBy(await world.told(id), ({ subject }) => subject);
      for (const events of bySubject.values()) {
        expect(events.map(({ body }) => body.version)).toEqual(events.map((_, index) => index + 1));
      }
    }
  });
});
