import { encodeBadge, type ParsedBadge, parseBadge } from '@plenary/badge-token';
import { type ApiError, type Gate, routes, type Scan, type Verdict } from '@plenary/contracts';
import { settled, topicEvents, until } from '@plenary/testing';
import {
  badgeOf,
  Conference,
  choiceBecomes,
  type Delegate,
  type Door,
  minutes,
  problemOf,
  scan,
  scanOf,
} from './world';

/** How many events tell of these scans. */
async function recorded(scanIds: readonly string[]): Promise<number> {
  const wanted = new Set(scanIds);
  let count = 0;
  for await (const { headers, body } of topicEvents('checkIns')) {
    if (headers.ce_type === 'scan.recorded.v1' && wanted.has((body as { scanId: string }).scanId)) count += 1;
  }
  return count;
}

/** The scenarios of the door, in the order of the specification. */
describe('the door', () => {
  let conference: Conference;
  let gate: Gate;
  let door: Door;
  let subForumId: string;

  beforeAll(async () => {
    conference = await Conference.create();
    const room = await conference.room();
    gate = room.gate;
    door = room.door;
    subForumId = room.subForum.id;
  });

  /** A delegate with a confirmed seat (or none) whose badge the door has heard of. */
  const holder = async (choices: string[] = [subForumId]): Promise<Delegate & { badge: string }> => {
    const delegate = await conference.register(choices);
    const badge = await badgeOf(delegate);
    await settled();
    return { ...delegate, badge };
  };

  it('1, 2: admits a confirmed seat first, then says already inside, with time and gate', async () => {
    const { badge } = await holder();
    const first = await scan(door, gate, badge);
    expect(first).toMatchObject({ verdict: 'admitted', detail: 'first' });
    const again = await scan(door, gate, badge);
    expect(again).toMatchObject({ verdict: 'refused', reason: 'already_inside', first: { gate: gate.name } });
    expect(again.detail).toBeUndefined();
    expect(Math.abs(Date.parse(again.first?.at as string) - Date.parse(first.decidedAt))).toBeLessThan(5_000);
  });

  it('3: the same scan id gets the same verdict; with another token it is refused', async () => {
    const { badge } = await holder();
    const body = scanOf(gate, badge);
    const first = await door.client.call(routes.postScan, { body });
    const repeats = await Promise.all([1, 2, 3].map(() => door.client.call(routes.postScan, { body })));
    for (const repeat of repeats) expect(repeat).toEqual({ ...first, replay: true });
    await settled();
    expect(await recorded([body.scanId])).toBe(1);
    const other = await problemOf(door.client.call(routes.postScan, { body: { ...body, token: 'SOMETHING ELSE' } }));
    expect(other).toMatchObject({ status: 422, code: 'scan_id_reused' });
  });

  it('4: exit, then entry: re-entry, or already admitted where that is off', async () => {
    const { badge } = await holder();
    await scan(door, gate, badge);
    expect(await scan(door, gate, badge, { direction: 'exit' })).toMatchObject({ verdict: 'exited', detail: 'normal' });
    expect(await scan(door, gate, badge)).toMatchObject({ verdict: 'admitted', detail: 're_entry' });
    const strict = await conference.room({ reEntry: false });
    const other = await holder([strict.subForum.id]);
    await scan(strict.door, strict.gate, other.badge);
    await scan(strict.door, strict.gate, other.badge, { direction: 'exit' });
    expect(await scan(strict.door, strict.gate, other.badge)).toMatchObject({
      verdict: 'refused',
      reason: 'already_admitted',
    });
    // An exit of somebody who is not inside is kept and marked.
    expect(await scan(strict.door, strict.gate, other.badge, { direction: 'exit' })).toMatchObject({
      detail: 'not_inside',
    });
  });

  it('5: two doors, the same badge, the same instant, 200 times over: exactly one admitted each time', async () => {
    const room = await conference.room({ capacity: null, admission: 'open' });
    const second = await conference.organiser.call(routes.createGate, {
      params: { slug: conference.slug },
      body: { name: 'Second door', subForumId: room.subForum.id },
    });
    const otherDoor = await conference.door({ rooms: [room.subForum.room] });
    const people = [];
    for (let count = 0; count < 25; count += 1) people.push(await conference.register([]));
    const badges = await Promise.all(people.map(badgeOf));
    await settled();
    for (let round = 0; round < 200; round += 1) {
      const badge = badges[round % badges.length] as string;
      const verdicts = await Promise.all([scan(room.door, room.gate, badge), scan(otherDoor, second, badge)]);
      expect(verdicts.map((one) => one.verdict).sort()).toEqual(['admitted', 'refused']);
      await scan(room.door, room.gate, badge, { direction: 'exit' });
    }
  });

  it('6: 50 scans at once for a room with 10 places left: exactly 10 admitted', async () => {
    const room = await conference.room({ capacity: 50, roomCap: 10 });
    const people = await Promise.all(Array.from({ length: 50 }, () => conference.register([room.subForum.id])));
    const badges = await Promise.all(people.map(badgeOf));
    await settled();
    const verdicts = await Promise.all(badges.map((badge) => scan(room.door, room.gate, badge)));
    expect(verdicts.filter((one) => one.verdict === 'admitted')).toHaveLength(10);
    for (const one of verdicts.filter((verdict) => verdict.verdict === 'refused')) {
      expect(one).toMatchObject({ reason: 'room_full', room: { inside: 10, cap: 10 } });
    }
  });

  it('7: a seat in A, scanned at B: no seat, naming A', async () => {
    const room = await conference.room({ startsAt: minutes(12), endsAt: minutes(22) });
    const { badge } = await holder();
    expect(await scan(room.door, room.gate, badge)).toMatchObject({
      verdict: 'refused',
      reason: 'no_seat',
      seatElsewhere: { subForumId },
    });
  });

  it('8, 9: waitlisted with position; promoted a moment ago: admitted within a second', async () => {
    const room = await conference.room({ capacity: 1 });
    const seated = await holder([room.subForum.id]);
    const waiting = await holder([room.subForum.id]);
    expect(await scan(room.door, room.gate, waiting.badge)).toMatchObject({ reason: 'waitlisted', position: 1 });
    await seated.client.call(routes.cancelOwnRegistration);
    await choiceBecomes(waiting, room.subForum.id, 'confirmed');
    await until(async () => (await scan(room.door, room.gate, waiting.badge)).verdict === 'admitted' || undefined, {
      what: 'admission',
      timeoutMs: 1_000,
    });
    // 10: a cancelled registration is refused, every time.
    for (let count = 0; count < 3; count += 1) {
      expect(await scan(room.door, room.gate, seated.badge)).toMatchObject({ reason: 'cancelled' });
    }
  });

  it('11, 12: reissued: the old badge is superseded, the new one admitted; revoked is refused, by name too', async () => {
    const delegate = await holder();
    await conference.organiser.call(routes.reissueBadge, { params: { id: delegate.id }, body: { reason: 'lost' } });
    const fresh = await badgeOf(delegate);
    await settled();
    const old = await scan(door, gate, delegate.badge);
    expect(old).toMatchObject({ verdict: 'refused', reason: 'superseded' });
    expect(old.since).toBeDefined();
    expect(await scan(door, gate, fresh)).toMatchObject({ verdict: 'admitted', detail: 'first' });
    await conference.organiser.call(routes.revokeBadge, { params: { id: delegate.id }, body: { reason: 'shared' } });
    await settled();
    expect(await scan(door, gate, fresh)).toMatchObject({ verdict: 'refused', reason: 'revoked' });
    const { token: _, ...byName } = scanOf(gate, '');
    expect(
      await door.client.call(routes.postScan, { body: { ...byName, registrationId: delegate.id } as Scan }),
    ).toMatchObject({ verdict: 'refused', reason: 'revoked', method: 'name' });
  });

  it('13: one changed character anywhere in the token: invalid badge', async () => {
    const { badge } = await holder();
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
    const scans = [...badge].map((character, position) => {
      const other = alphabet[(alphabet.indexOf(character) + 1) % alphabet.length];
      return scanOf(gate, badge.slice(0, position) + other + badge.slice(position + 1));
    });
    const { results } = await door.client.call(routes.postScanBatch, { body: { scans } });
    expect(results).toHaveLength(badge.length);
    for (const result of results) expect(result).toMatchObject({ verdict: 'refused', reason: 'invalid_badge' });
  });

  it('14: a badge of another conference: wrong conference', async () => {
    const other = await Conference.create();
    const token = await badgeOf(await other.register([]));
    await settled();
    expect(await scan(door, gate, token)).toMatchObject({ verdict: 'refused', reason: 'wrong_conference' });
  });

  it('15: noise of every kind is an invalid badge', async () => {
    const { badge } = await holder();
    const parsed = parseBadge(badge) as ParsedBadge;
    const unknownKey = encodeBadge({ ...parsed.claims, keyId: 4_000_000_000 }, parsed.signature);
    const noise = [
      unknownKey,
      badge.slice(0, -1),
      `${badge}0`,
      ` ${badge}`,
      badge.toLowerCase(),
      '',
      'x'.repeat(10_000),
      '🎫'.repeat(50),
      'https://u.wechat.com/abc',
      '\u0000',
    ];
    for (const token of noise) {
      expect(await scan(door, gate, token)).toMatchObject({ verdict: 'refused', reason: 'invalid_badge' });
    }
  });

  it('16: before the gate opens: too early, with the time', async () => {
    const room = await conference.room({ startsAt: minutes(40), endsAt: minutes(50) });
    const { badge } = await holder([room.subForum.id]);
    const verdict = await scan(room.door, room.gate, badge);
    expect(verdict).toMatchObject({ verdict: 'refused', reason: 'too_early' });
    expect(Date.parse(verdict.opensAt as string)).toBe(Date.parse(room.subForum.startsAt) - 30 * 60_000);
    const past = await conference.room({ startsAt: minutes(-20), endsAt: minutes(-10) });
    expect(await scan(past.door, past.gate, badge)).toMatchObject({ reason: 'too_late' });
  });

  it('17: a clean first scan is admitted first, whoever holds the phone', async () => {
    const { badge } = await holder();
    const byStaff = await conference.organiser.call(routes.postScan, { body: scanOf(gate, badge) });
    expect(byStaff).toMatchObject({ verdict: 'admitted', detail: 'first' });
  });

  it('19, 20: a device of another room is 403; a revoked one is 401 within two seconds', async () => {
    const room = await conference.room();
    const { badge } = await holder();
    expect(await problemOf(scan(room.door, gate, badge))).toMatchObject({ status: 403, code: 'gate_not_bound' });
    const foreign = await (await Conference.create()).room();
    expect(await problemOf(scan(foreign.door, gate, badge))).toMatchObject({ status: 404 });
    await conference.organiser.call(routes.revokeDevice, { params: { id: room.door.id } });
    // Each replica hears of it by itself: five refusals in a row mean all of them have.
    let refusals = 0;
    await until(
      async () => {
        const refused = await scan(room.door, room.gate, badge).then(
          () => false,
          (error: ApiError) => error.status === 401,
        );
        refusals = refused ? refusals + 1 : 0;
        return refusals === 5;
      },
      { what: '401', timeoutMs: 2_000 },
    );
  });

  it('22: undo gives the place back; the badge may enter again', async () => {
    const { badge } = await holder();
    const body = scanOf(gate, badge);
    const admitted = await door.client.call(routes.postScan, { body });
    const undone = await door.client.call(routes.undoScan, { params: { scanId: body.scanId }, body: {} });
    expect(undone).toMatchObject({ scanId: body.scanId, undone: true });
    expect(undone.room.inside).toBe(admitted.room.inside - 1);
    expect(await door.client.call(routes.postScan, { body })).toMatchObject({
      verdict: 'admitted',
      replay: true,
      undone: true,
    });
    expect(await scan(door, gate, badge)).toMatchObject({ verdict: 'admitted', detail: 'first' });
  });

  it('23, 24: a batch of 200 with 3 malformed: 197 verdicts, 3 errors, in order; the same again changes nothing', async () => {
    const room = await conference.room({ capacity: null, admission: 'open' });
    const people = await Promise.all(Array.from({ length: 20 }, () => conference.register([])));
    const badges = await Promise.all(people.map(badgeOf));
    await settled();
    const scans: unknown[] = Array.from({ length: 200 }, (_, index) =>
      scanOf(room.gate, badges[index % 20] as string, {
        direction: Math.floor(index / 20) % 2 === 0 ? 'entry' : 'exit',
        scannedAt: new Date(Date.now() - (200 - index) * 100).toISOString(),
        acted: Math.floor(index / 20) % 2 === 0 ? 'admitted' : 'exited',
      }),
    );
    scans[7] = { scanId: 'not a uuid' };
    scans[77] = null;
    scans[177] = { ...(scans[177] as object), direction: 'sideways' };
    const first = await room.door.client.call(routes.postScanBatch, { body: { scans } });
    expect(first.results).toHaveLength(200);
    first.results.forEach((result, index) => {
      if ([7, 77, 177].includes(index)) expect(result).toMatchObject({ code: 'request_invalid', status: 400 });
      else expect(result).toMatchObject({ scanId: (scans[index] as Scan).scanId });
    });
    await settled();
    const before = await conference.organiser.call(routes.getAttendance, { params: { slug: conference.slug } });
    const again = await room.door.client.call(routes.postScanBatch, { body: { scans } });
    const bare = (results: typeof again.results) =>
      results.map((result) =>
        'scanId' in result ? { ...(result as Verdict), replay: false } : { ...result, traceId: undefined },
      );
    expect(bare(again.results)).toEqual(bare(first.results));
    await settled();
    const after = await conference.organiser.call(routes.getAttendance, { params: { slug: conference.slug } });
    expect(after.subForums).toEqual(before.subForums);
    const ids = first.results.flatMap((result) => ('scanId' in result ? [result.scanId] : []));
    expect(await recorded(ids)).toBe(197);
  });

  it('25: two offline doors admitted the same badge: both kept, one conflict, the earlier corrected time counts', async () => {
    const room = await conference.room();
    const other = await conference.door({ rooms: [room.subForum.room] });
    const { badge, id } = await holder([room.subForum.id]);
    const late = scanOf(room.gate, badge, { scannedAt: minutes(-1), acted: 'admitted' });
    const early = scanOf(room.gate, badge, { scannedAt: minutes(-2), acted: 'admitted' });
    const one = await room.door.client.call(routes.postScanBatch, { body: { scans: [late] } });
    const two = await other.client.call(routes.postScanBatch, { body: { scans: [early] } });
    expect([one.results[0], two.results[0]].map((result) => 'conflictId' in (result as object))).toEqual([false, true]);
    const conflicts = [];
    for await (const conflict of conference.organiser.all(routes.listConflicts, {
      params: { slug: conference.slug },
    })) {
      if (conflict.registrationId === id) conflicts.push(conflict);
    }
    expect(conflicts).toHaveLength(1);
    expect(conflicts[0]).toMatchObject({ kind: 'offline_double', state: 'open' });
    expect(conflicts[0]?.scans.map((each) => each.scanId).sort()).toEqual([early.scanId, late.scanId].sort());
    const seen = await scan(room.door, room.gate, badge);
    expect(seen).toMatchObject({ reason: 'already_inside' });
    expect(Date.parse(seen.first?.at as string)).toBe(Date.parse(early.scannedAt));
  });

  it('26: a device clock seven minutes fast, its offset measured: the order is right', async () => {
    const room = await conference.room();
    const { badge } = await holder([room.subForum.id]);
    const fast = { clockOffsetMs: -7 * 60_000 };
    const at = (secondsAgo: number) => new Date(Date.now() - secondsAgo * 1000 + 7 * 60_000).toISOString();
    const entry = scanOf(room.gate, badge, { ...fast, scannedAt: at(120), acted: 'admitted' });
    const exit = scanOf(room.gate, badge, {
      scannedAt: new Date(Date.now() - 60_000).toISOString(),
      direction: 'exit',
      acted: 'exited',
    });
    // The exit, by a right clock, arrives before the entry that happened earlier.
    await room.door.client.call(routes.postScanBatch, { body: { scans: [exit] } });
    await room.door.client.call(routes.postScanBatch, { body: { scans: [entry] } });
    expect(await scan(room.door, room.gate, badge)).toMatchObject({ verdict: 'admitted', detail: 're_entry' });
  });

  it('27: entering B ends the stay in A; the stay in the venue is untouched', async () => {
    const venueGate = await conference.gateOf(null);
    const entrance = await conference.door({ venue: true });
    const room = await conference.room({ startsAt: minutes(25), endsAt: minutes(29) });
    const { badge } = await holder([subForumId, room.subForum.id]);
    expect(await scan(entrance, venueGate, badge)).toMatchObject({ verdict: 'admitted', detail: 'first' });
    const inA = await scan(door, gate, badge);
    expect(inA).toMatchObject({ verdict: 'admitted', detail: 'first' });
    const inB = await scan(room.door, room.gate, badge);
    expect(inB).toMatchObject({ verdict: 'admitted', detail: 'first', inferredExit: { subForumId } });
    // In A again: it was left, so this is a re-entry; at the entrance the person is still inside.
    expect(await scan(door, gate, badge)).toMatchObject({ verdict: 'admitted', detail: 're_entry' });
    expect(await scan(entrance, venueGate, badge)).toMatchObject({ verdict: 'refused', reason: 'already_inside' });
  });

  it('32: a speaker at the own session and staff anywhere pass without a seat', async () => {
    const room = await conference.room();
    const speaker = await conference.register([], { category: 'speaker' }, conference.organiser);
    const staff = await conference.register([], { category: 'staff' }, conference.organiser);
    await conference.change(room.subForum.id, {
      sessions: [
        {
          title: { en: 'Keynote' },
          startsAt: room.subForum.startsAt,
          endsAt: room.subForum.endsAt,
          speakers: [{ name: 'Li Tie', registrationId: speaker.id }],
        },
      ],
    });
    const badges = await Promise.all([speaker, staff].map(badgeOf));
    await settled();
    for (const badge of badges) {
      expect(await scan(room.door, room.gate, badge)).toMatchObject({ verdict: 'admitted', detail: 'pass' });
    }
    const elsewhere = await conference.room();
    expect(await scan(elsewhere.door, elsewhere.gate, badges[0] as string)).toMatchObject({ reason: 'no_seat' });
    expect(await scan(elsewhere.door, elsewhere.gate, badges[1] as string)).toMatchObject({ detail: 'pass' });
  });

  it('35: on day two nobody is inside the venue from day one', async () => {
    const venueGate = await conference.gateOf(null);
    const entrance = await conference.door({ venue: true });
    const { badge } = await holder();
    const yesterday = scanOf(venueGate, badge, { scannedAt: minutes(-24 * 60), acted: 'admitted' });
    await entrance.client.call(routes.postScanBatch, { body: { scans: [yesterday] } });
    expect(await scan(entrance, venueGate, badge)).toMatchObject({ verdict: 'admitted', detail: 'first' });
  });

  it('walk-ins: not while the places left belong to holders still to come; then until the room is full', async () => {
    const room = await conference.room({ capacity: 2, roomCap: 3, walkIn: 'always' });
    const first = await holder([room.subForum.id]);
    const second = await holder([room.subForum.id]);
    const [walkIn, late] = [await holder([]), await holder([])];
    expect(await scan(room.door, room.gate, walkIn.badge)).toMatchObject({ verdict: 'admitted', detail: 'walk_in' });
    expect(await scan(room.door, room.gate, late.badge)).toMatchObject({
      verdict: 'refused',
      reason: 'no_seat',
      walkInPlaces: 0,
    });
    for (const seated of [first, second]) {
      expect(await scan(room.door, room.gate, seated.badge)).toMatchObject({ verdict: 'admitted', detail: 'first' });
    }
    const full = await scan(room.door, room.gate, late.badge);
    expect(full).toMatchObject({ verdict: 'refused', room: { inside: 3, cap: 3 } });
  });
});
