import type { StaysOfPerson } from '@plenary/contracts';
import { dayOf } from '@plenary/door-rules';
import { newId } from '@plenary/platform';
import { DoorWorld, iso, minute } from '../door.test-world';

let world: DoorWorld;
beforeAll(async () => {
  world = await DoorWorld.open();
});
afterAll(() => world.close());

const clockOut = 20 * minute;

describe('stays', () => {
  it('entry to B while inside A: the stay in A is closed, inferred, and the door is told; the venue stay is untouched', async () => {
    const [a, b] = [await world.subForum(), await world.subForum({ room: 'Hall B' })];
    const holder = await world.delegate([a.subForumId, b.subForumId]);
    await world.scan(world.venueGate, holder);
    await world.scan(a.gateId, holder);
    const entered = await world.scan(b.gateId, holder);
    expect(entered).toMatchObject({ detail: 'first', inferredExit: { subForumId: a.subForumId } });
    expect(await world.stays(holder)).toEqual([
      [world.conferenceId, null],
      [a.subForumId, 'inferred'],
      [b.subForumId, null],
    ]);
    expect([await world.inside(a.subForumId), await world.inside(b.subForumId)]).toEqual([0, 1]);
    // Undone, the stay in A is open again.
    expect(await world.undo(entered.scanId)).toMatchObject({ undone: true, replay: true, room: { inside: 0 } });
    expect(await world.stays(holder)).toEqual([
      [world.conferenceId, null],
      [a.subForumId, null],
    ]);
    expect([await world.inside(a.subForumId), await world.inside(b.subForumId)]).toEqual([1, 0]);
  });

  it('leaving the venue ends both stays; an exit of somebody who is not inside is kept and marked', async () => {
    const { subForumId, gateId } = await world.subForum();
    const holder = await world.delegate([subForumId]);
    expect(await world.scan(gateId, holder, { direction: 'exit' })).toMatchObject({ detail: 'not_inside' });
    await world.scan(world.venueGate, holder);
    await world.scan(gateId, holder);
    const before = (await world.inside(world.conferenceId)) ?? 0;
    const left = await world.scan(world.venueGate, holder, { direction: 'exit' });
    expect(left).toMatchObject({ verdict: 'exited', detail: 'normal', room: { inside: before - 1, cap: null } });
    expect(await world.stays(holder)).toEqual([
      [world.conferenceId, 'scan'],
      [subForumId, 'inferred'],
    ]);
    expect(await world.inside(subForumId)).toBe(0);
  });

  it('undo: occupancy is back, the badge may enter again, a repeat says that it was undone; idempotent', async () => {
    const { subForumId, gateId } = await world.subForum({ reEntry: false });
    const holder = await world.delegate([subForumId]);
    const body = world.body(gateId, holder);
    await world.replica.scans.scan(body, world.door);
    const undone = await world.undo(body.scanId);
    expect(undone).toMatchObject({ verdict: 'admitted', undone: true, room: { inside: 0 } });
    expect(await world.undo(body.scanId, world.supervisor)).toEqual(undone);
    expect(await world.replica.scans.scan(body, world.door)).toMatchObject({ replay: true, undone: true });
    expect(await world.scan(gateId, holder)).toMatchObject({ verdict: 'admitted', detail: 'first' });
    const events = await world.published<{ scanId: string; version: number }>('scan.undone.v1');
    expect(events.filter((event) => event.scanId === body.scanId)).toMatchObject([{ version: 2 }]);
  });

  it('undo of an exit: inside again', async () => {
    const { subForumId, gateId } = await world.subForum();
    const holder = await world.delegate([subForumId]);
    await world.scan(gateId, holder);
    const { scanId } = await world.scan(gateId, holder, { direction: 'exit' });
    expect(await world.undo(scanId)).toMatchObject({ room: { inside: 1 } });
    expect(await world.stays(holder)).toEqual([[subForumId, null]]);
  });

  it('undo by another door 403, too late 409, queued offline in time welcome, of nothing 404', async () => {
    const { subForumId, gateId } = await world.subForum({ startsAt: iso(Date.now() - 60 * minute) });
    const holder = await world.delegate([subForumId]);
    const scannedAt = iso(Date.now() - clockOut);
    const { scanId } = await world.scan(gateId, holder, { scannedAt });
    const other = await world.device({ rooms: ['Hall A'] });
    await expect(world.undo(scanId, other)).rejects.toMatchObject({ status: 403, code: 'not_your_scan' });
    await expect(world.undo(scanId)).rejects.toMatchObject({ status: 409, code: 'undo_too_late' });
    await expect(world.undo(scanId, world.supervisor)).rejects.toMatchObject({ code: 'undo_too_late' });
    const undoneAt = iso(Date.now() - clockOut + 14 * minute);
    expect(await world.undo(scanId, world.door, { undoneAt })).toMatchObject({ undone: true });
    await expect(world.undo(newId())).rejects.toMatchObject({ status: 404 });
    const stranger = { kind: 'device' as const, id: newId(), conferenceId: newId() };
    await expect(world.undo(scanId, stranger)).rejects.toMatchObject({ status: 404 });
  });

  it('day two: nobody is already inside from day one; the first of the day is counted anew', async () => {
    const holder = await world.delegate();
    const yesterday = dayOf(Date.now(), world.timeZone).starts - 10 * 60 * minute;
    expect(await world.scan(world.venueGate, holder, { scannedAt: iso(yesterday) })).toMatchObject({ detail: 'first' });
    const later = { scannedAt: iso(yesterday + 5 * minute) };
    expect(await world.scan(world.venueGate, holder, later)).toMatchObject({
      reason: 'already_inside',
      first: { at: iso(yesterday) },
    });
    expect(await world.scan(world.venueGate, holder)).toMatchObject({ verdict: 'admitted', detail: 'first' });
    expect(await world.stays(holder)).toEqual([
      [world.conferenceId, 'inferred'],
      [world.conferenceId, null],
    ]);
  });

  it('a device clock seven minutes fast, its offset measured: the order is right', async () => {
    const { subForumId, gateId } = await world.subForum();
    const holder = await world.delegate([subForumId]);
    const now = Date.now();
    const fast = { scannedAt: iso(now - 3 * minute + 7 * minute), clockOffsetMs: -7 * minute };
    await world.scan(gateId, holder, fast);
    expect(await world.scan(gateId, holder, { direction: 'exit' })).toMatchObject({ detail: 'normal' });
    expect(await world.stays(holder)).toEqual([[subForumId, 'scan']]);
    const events = await world.published<StaysOfPerson>('stays.changed.v1');
    const told = events.filter((event) => event.registrationId === holder.registrationId);
    expect(told.map((event) => event.version)).toEqual([1, 2]);
    expect(told[1]?.stays[0]?.enteredAt).toBe(iso(now - 3 * minute));
  });

  it('what time has ended is ended at rest: rooms after the closing, the venue at midnight; once, with its version', async () => {
    const hour = 60 * minute;
    const door = await world.device({ rooms: ['Hall Z'], venue: true });
    const ended = { room: 'Hall Z', startsAt: iso(Date.now() - hour), endsAt: iso(Date.now() + hour) };
    const { subForumId, gateId } = await world.subForum(ended);
    const holder = await world.delegate([subForumId]);
    await world.scan(gateId, holder, {}, door);
    expect(await world.replica.closing.closeDue()).toBe(0);
    await world.subForum({ ...ended, subForumId, endsAt: iso(Date.now() - minute), startsAt: iso(Date.now() - hour) });
    // The stay began after the new end, so midnight ends it; one that began before ends now.
    expect(await world.replica.closing.closeDue()).toBe(0);
    const early = await world.delegate([subForumId]);
    await world.upload(
      [world.body(gateId, early, { scannedAt: iso(Date.now() - 10 * minute), acted: 'admitted' })],
      door,
    );
    expect(await world.stays(early)).toEqual([[subForumId, 'inferred']]);
    const late = await world.subForum({ ...ended, endsAt: iso(Date.now() + hour) });
    const another = await world.delegate([late.subForumId]);
    await world.scan(late.gateId, another, { scannedAt: iso(Date.now() - 10 * minute) }, door);
    await world.subForum({ ...ended, subForumId: late.subForumId, endsAt: iso(Date.now() - minute) });
    expect(await world.inside(late.subForumId)).toBe(1);
    expect(await world.replica.closing.closeDue()).toBe(1);
    expect(await world.replica.closing.closeDue()).toBe(0);
    expect(await world.inside(late.subForumId)).toBe(0);
    expect(await world.stays(another)).toEqual([[late.subForumId, 'inferred']]);
    const told = (await world.published<StaysOfPerson>('stays.changed.v1')).filter(
      (event) => event.registrationId === another.registrationId,
    );
    expect(told.map((event) => event.version)).toEqual([1, 2]);
  });

  it('counts equal the open stays, whatever happened here', async () => {
    const wrong = await world.database.query(
      `SELECT place_id FROM room_states r WHERE inside <> (
         SELECT count(*) FROM stays s WHERE s.exited_at IS NULL AND coalesce(s.sub_forum_id, s.conference_id) = r.place_id)
       OR admitted <> (SELECT count(DISTINCT registration_id) FROM stays s
         WHERE coalesce(s.sub_forum_id, s.conference_id) = r.place_id)`,
    );
    expect(wrong).toEqual([]);
    expect(await world.count('stays')).toBeGreaterThan(5);
  });
});
