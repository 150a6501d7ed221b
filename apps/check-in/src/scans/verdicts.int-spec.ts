import { generateKeyPairSync } from 'node:crypto';
import { verdict as verdictContract } from '@plenary/contracts';
import { newId } from '@plenary/platform';
import { DoorWorld, iso, minute } from '../door.test-world';

let world: DoorWorld;
beforeAll(async () => {
  world = await DoorWorld.open();
});
afterAll(() => world.close());

describe('verdicts of the service', () => {
  it('a confirmed seat at its own door is admitted first; again it is already inside, with time and gate', async () => {
    const { subForumId, gateId } = await world.subForum();
    const holder = await world.delegate([subForumId]);
    const first = await world.scan(gateId, holder);
    expect(verdictContract.safeParse(first).success).toBe(true);
    expect(first).toMatchObject({
      verdict: 'admitted',
      detail: 'first',
      replay: false,
      method: 'token',
      delegate: { name: '王小明', latinName: 'Wang Xiaoming', organisation: 'Institute', category: 'delegate' },
      room: { inside: 1, cap: 30 },
      subForum: { id: subForumId, room: 'Hall A' },
    });
    expect(JSON.stringify(first)).not.toContain('example.org');
    const again = await world.scan(gateId, holder);
    expect(again).toMatchObject({ verdict: 'refused', reason: 'already_inside', first: { gate: 'Hall A' } });
    expect(Date.parse(again.first?.at ?? '')).toBeLessThanOrEqual(Date.now());
    expect(await world.inside(subForumId)).toBe(1);
  });

  it('the same scan id again gets the same verdict: one row, one event; with another token, gate or device 422', async () => {
    const { subForumId, gateId } = await world.subForum();
    const [holder, other] = [await world.delegate([subForumId]), await world.delegate([subForumId])];
    const body = world.body(gateId, holder);
    const first = await world.replica.scans.scan(body, world.door);
    await world.scan(gateId, holder, { direction: 'exit' });
    const again = await world.replica.scans.scan(body, world.door);
    expect(again).toEqual({ ...first, replay: true });
    const rows = await world.database.query('SELECT 1 FROM scan_log WHERE scan_id = $1', [body.scanId]);
    expect(rows).toHaveLength(1);
    const events = await world.published<{ scanId: string }>('scan.recorded.v1');
    expect(events.filter((event) => event.scanId === body.scanId)).toHaveLength(1);
    for (const change of [{ token: other.token }, { direction: 'exit' as const }, { gateId: world.venueGate }]) {
      await expect(world.replica.scans.scan({ ...body, ...change }, world.door)).rejects.toMatchObject({
        status: 422,
        code: 'scan_id_reused',
      });
    }
    const otherDoor = await world.device({ rooms: ['Hall A'] });
    await expect(world.replica.scans.scan(body, otherDoor)).rejects.toMatchObject({ code: 'scan_id_reused' });
  });

  it('exit, then entry is a re-entry, or already admitted where re-entry is off', async () => {
    for (const [reEntry, expected] of [
      [true, { verdict: 'admitted', detail: 're_entry' }],
      [false, { verdict: 'refused', reason: 'already_admitted', first: { gate: 'Hall A' } }],
    ] as const) {
      const { subForumId, gateId } = await world.subForum({ reEntry });
      const holder = await world.delegate([subForumId]);
      await world.scan(gateId, holder);
      expect(await world.scan(gateId, holder, { direction: 'exit' })).toMatchObject({
        verdict: 'exited',
        detail: 'normal',
        room: { inside: 0 },
      });
      expect(await world.scan(gateId, holder)).toMatchObject(expected);
    }
  });

  it('a seat elsewhere: no seat, naming where; waitlisted with the current position; then promoted and admitted', async () => {
    const later = { startsAt: iso(Date.now() + 60 * minute), endsAt: iso(Date.now() + 120 * minute) };
    const a = await world.subForum({ room: 'Hall B', title: { en: 'Trust' }, ...later });
    const b = await world.subForum();
    const holder = await world.delegate([a.subForumId]);
    expect(await world.scan(b.gateId, holder)).toMatchObject({
      reason: 'no_seat',
      seatElsewhere: { subForumId: a.subForumId, room: 'Hall B', title: { en: 'Trust' } },
    });
    const waiters = [];
    for (const place of [30, 10, 20]) {
      const waiter = await world.delegate();
      await world.seat(waiter.registrationId, b.subForumId, { state: 'waitlisted', place, position: 9 });
      waiters.push(waiter);
    }
    for (const [index, position] of [3, 1, 2].entries()) {
      const verdict = await world.scan(b.gateId, waiters[index] ?? holder);
      expect(verdict).toMatchObject({ reason: 'waitlisted', position });
    }
    const promoted = waiters[1] ?? holder;
    await world.seat(promoted.registrationId, b.subForumId, { promoted: true });
    expect(await world.scan(b.gateId, promoted)).toMatchObject({ detail: 'first' });
    expect(await world.scan(b.gateId, waiters[2] ?? holder)).toMatchObject({ reason: 'waitlisted', position: 1 });
    const since = iso(Date.now() - minute);
    await world.seat(holder.registrationId, b.subForumId, { state: 'released', reason: 'no_show', at: since });
    expect(await world.scan(b.gateId, holder)).toMatchObject({ reason: 'no_seat', since });
  });

  it('cancelled, every time; pending tells the status', async () => {
    const { subForumId, gateId } = await world.subForum();
    const gone = await world.delegate([subForumId], { status: 'cancelled' });
    for (let round = 0; round < 3; round++) {
      expect(await world.scan(gateId, gone)).toMatchObject({ verdict: 'refused', reason: 'cancelled' });
    }
    const pending = await world.delegate([subForumId], { status: 'pending' });
    expect(await world.scan(gateId, pending)).toMatchObject({ reason: 'not_approved', status: 'pending' });
  });

  it('a lost badge that was reissued is superseded, the new one admitted; revoked refuses, by name too', async () => {
    const { subForumId, gateId } = await world.subForum();
    const lost = await world.delegate([subForumId]);
    const found = await world.issue(lost.registrationId, lost.serial, 2);
    expect(await world.scan(gateId, lost)).toMatchObject({ reason: 'superseded', since: expect.any(String) });
    // Issued a moment ago and not heard of here: the signature speaks for the newer revision.
    const newest = await world.sign({ serial: lost.serial, revision: 3 });
    expect(await world.scan(gateId, { ...lost, token: newest })).toMatchObject({ verdict: 'admitted' });
    await world.scan(gateId, found, { direction: 'exit' });
    expect(await world.scan(gateId, found)).toMatchObject({ verdict: 'admitted' });
    await world.revoke(found);
    for (const who of [found, lost, { registrationId: lost.registrationId }]) {
      expect(await world.scan(gateId, who)).toMatchObject({ reason: 'revoked', since: expect.any(String) });
    }
    expect(await world.scan(gateId, lost, { direction: 'exit' })).toMatchObject({
      verdict: 'exited',
      detail: 'normal',
    });
  });

  it('one changed character anywhere, truncated, padded, lower-cased, noise, empty: invalid, and nobody is named', async () => {
    const { subForumId, gateId } = await world.subForum();
    const holder = await world.delegate([subForumId]);
    const { token } = holder;
    const changed = [...token].map((character, at) => {
      const other = character === 'A' ? 'B' : 'A';
      return token.slice(0, at) + other + token.slice(at + 1);
    });
    const rubbish = [token.slice(1), token.slice(0, -1), `${token} `, token.toLowerCase(), '', '\u0000', '\ud800'];
    const noise = ['x'.repeat(10_240), 'A'.repeat(131), '😀'.repeat(60), JSON.stringify({ token })];
    const verdicts = await Promise.all(
      [...changed, ...rubbish, ...noise].map((text) => world.scan(gateId, { ...holder, token: text })),
    );
    expect(new Set(verdicts.map((verdict) => verdict.reason))).toEqual(new Set(['invalid_badge']));
    expect(verdicts.some((verdict) => verdict.delegate)).toBe(false);
    expect(await world.inside(subForumId)).toBe(0);
    expect(verdicts).toHaveLength(142);
  });

  it('of another conference: wrong conference; an unknown key, an expired one, a key of another conference: invalid', async () => {
    const { subForumId, gateId } = await world.subForum();
    const holder = await world.delegate([subForumId]);
    const [elsewhere, pair, keyId] = [newId(), generateKeyPairSync('ed25519'), world.keyId + 1];
    await world.announce(elsewhere, 'elsewhere', keyId, pair);
    const claims = { serial: holder.serial, revision: 1 };
    const reasonOf = async (token: string) => (await world.scan(gateId, { ...holder, token })).reason;
    expect(await reasonOf(await world.sign(claims, { conferenceId: elsewhere, keyId, pair }))).toBe('wrong_conference');
    expect(await reasonOf(await world.sign(claims, { keyId: 7, pair }))).toBe('invalid_badge');
    expect(await reasonOf(await world.sign(claims, { keyId, pair }))).toBe('invalid_badge');
    const expired = await world.sign({ ...claims, expiresAt: Math.floor(Date.now() / 1000) - 10 });
    expect(await reasonOf(expired)).toBe('invalid_badge');
    expect(await reasonOf(await world.sign({ serial: 999_999, revision: 1 }))).toBe('unknown_badge');
  });

  it('an erased person is unknown, in old answers too', async () => {
    const { subForumId, gateId } = await world.subForum();
    const holder = await world.delegate([subForumId]);
    const body = world.body(gateId, holder);
    await world.replica.scans.scan(body, world.door);
    await world.erase(holder.registrationId);
    await world.registration(holder.registrationId);
    expect(await world.scan(gateId, holder)).toMatchObject({ reason: 'unknown_badge' });
    const again = await world.replica.scans.scan(body, world.door);
    expect(again).toMatchObject({ verdict: 'admitted', replay: true });
    expect(again.delegate).toBeUndefined();
  });

  it('too early with the time, too late, cancelled sub-forum, gate switched off', async () => {
    const startsAt = Date.now() + 40 * minute;
    const early = await world.subForum({ startsAt: iso(startsAt), endsAt: iso(startsAt + 60 * minute) });
    const holder = await world.delegate([early.subForumId]);
    const opensAt = iso(startsAt - 30 * minute);
    expect(await world.scan(early.gateId, holder)).toMatchObject({ reason: 'too_early', opensAt });
    const late = await world.subForum({ startsAt: iso(Date.now() - 90 * minute), endsAt: iso(Date.now() - minute) });
    await world.seat(holder.registrationId, late.subForumId);
    expect(await world.scan(late.gateId, holder)).toMatchObject({ reason: 'too_late' });
    const off = await world.subForum({ state: 'cancelled' });
    expect(await world.scan(off.gateId, holder)).toMatchObject({ reason: 'gate_closed' });
  });

  it('opens no earlier than the end of the previous sub-forum of the room', async () => {
    const door = await world.device({ rooms: ['Hall P'] });
    const now = Date.now();
    const previous = { room: 'Hall P', startsAt: iso(now - 60 * minute), endsAt: iso(now + 5 * minute) };
    await world.subForum(previous);
    const next = await world.subForum({
      ...previous,
      startsAt: iso(now + 10 * minute),
      endsAt: iso(now + 60 * minute),
    });
    const holder = await world.delegate([next.subForumId]);
    expect(await world.scan(next.gateId, holder, {}, door)).toMatchObject({
      reason: 'too_early',
      opensAt: previous.endsAt,
    });
  });

  it('for other categories: category', async () => {
    const { subForumId, gateId } = await world.subForum({ categories: ['press'] });
    const [delegate, press] = [
      await world.delegate([subForumId]),
      await world.delegate([subForumId], { category: 'press' }),
    ];
    expect(await world.scan(gateId, delegate)).toMatchObject({ reason: 'category' });
    expect(await world.scan(gateId, press)).toMatchObject({ detail: 'first' });
  });

  it('a speaker at the own session, crew and staff anywhere pass without a seat; a full room holds', async () => {
    const [speaker, crew, staff, other] = [
      await world.delegate([], { category: 'speaker' }),
      await world.delegate(),
      await world.delegate([], { category: 'staff' }),
      await world.delegate(),
    ];
    const { gateId } = await world.subForum({
      roomCap: 3,
      crew: [crew.registrationId],
      sessions: [
        {
          title: { en: 'Talk' },
          startsAt: iso(Date.now()),
          endsAt: iso(Date.now() + minute),
          speakers: [{ name: 'S', registrationId: speaker.registrationId }],
        },
      ],
    });
    for (const who of [speaker, crew, staff]) expect(await world.scan(gateId, who)).toMatchObject({ detail: 'pass' });
    const another = await world.delegate([], { category: 'staff' });
    expect(await world.scan(gateId, another)).toMatchObject({ reason: 'room_full', room: { inside: 3, cap: 3 } });
    expect(await world.scan(world.venueGate, staff)).toMatchObject({ detail: 'pass' });
    expect(await world.scan(gateId, other)).toMatchObject({ reason: 'no_seat' });
  });

  it('walk-ins: while places are left over from holders to come, else no seat; full: room full', async () => {
    const { subForumId, gateId } = await world.subForum({ walkIn: 'always', roomCap: 4 });
    const holders = [await world.delegate([subForumId]), await world.delegate([subForumId])];
    const strangers = [];
    for (let n = 0; n < 4; n++) strangers.push(await world.delegate());
    const [one, two, three, four] = strangers as [(typeof strangers)[0], ...typeof strangers];
    expect(await world.scan(gateId, one)).toMatchObject({ detail: 'walk_in', walkInPlaces: 1 });
    expect(await world.scan(gateId, two ?? one)).toMatchObject({ detail: 'walk_in', walkInPlaces: 0 });
    expect(await world.scan(gateId, three ?? one)).toMatchObject({ reason: 'no_seat', walkInPlaces: 0 });
    for (const holder of holders) expect(await world.scan(gateId, holder)).toMatchObject({ detail: 'first' });
    expect(await world.scan(gateId, four ?? one)).toMatchObject({ reason: 'room_full' });
    // From the start on nobody is waited for; before it there are no walk-ins.
    const fromStart = await world.subForum({ walkIn: 'from_start', roomCap: 1 });
    await world.delegate([fromStart.subForumId]);
    expect(await world.scan(fromStart.gateId, three ?? one)).toMatchObject({ detail: 'walk_in' });
    const soon = { startsAt: iso(Date.now() + 10 * minute), endsAt: iso(Date.now() + 60 * minute) };
    const before = await world.subForum({ walkIn: 'from_start', roomCap: 1, ...soon });
    expect(await world.scan(before.gateId, three ?? one)).toMatchObject({ reason: 'no_seat' });
  });

  it('open admission needs no seat', async () => {
    const { gateId } = await world.subForum({ admission: 'open', capacity: null });
    expect(await world.scan(gateId, await world.delegate())).toMatchObject({ detail: 'first', room: { cap: null } });
  });

  it('by name: method name; without a badge not approved; a registration of nobody here is unknown', async () => {
    const { subForumId, gateId } = await world.subForum();
    const holder = await world.delegate([subForumId]);
    const byName = await world.scan(gateId, { registrationId: holder.registrationId });
    expect(byName).toMatchObject({ verdict: 'admitted', method: 'name', delegate: { name: '王小明' } });
    const unbadged = newId();
    await world.registration(unbadged);
    expect(await world.scan(gateId, { registrationId: unbadged })).toMatchObject({ reason: 'not_approved' });
    expect(await world.scan(gateId, { registrationId: newId() })).toMatchObject({ reason: 'unknown_badge' });
    const foreigner = newId();
    await world.registration(foreigner, { conferenceId: newId() });
    const foreign = await world.scan(gateId, { registrationId: foreigner });
    expect(foreign.reason).toBe('unknown_badge');
    expect(foreign.delegate).toBeUndefined();
  });

  it('a clock that is centuries off is told, one that is a year off is judged', async () => {
    const { subForumId, gateId } = await world.subForum();
    const holder = await world.delegate([subForumId]);
    const lastYear = iso(Date.now() - 365 * 24 * 60 * minute);
    expect(await world.scan(gateId, holder, { scannedAt: lastYear })).toMatchObject({ reason: 'too_early' });
    const nextYear = iso(Date.now() + 365 * 24 * 60 * minute);
    expect(await world.scan(gateId, holder, { scannedAt: nextYear })).toMatchObject({ detail: 'first' });
    await expect(world.scan(gateId, holder, { scannedAt: '0000-01-01T00:00:00Z' })).rejects.toMatchObject({
      status: 422,
    });
  });
});
