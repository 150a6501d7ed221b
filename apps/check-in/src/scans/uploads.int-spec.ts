import type { Conflict, ScanRecord, Verdict } from '@plenary/contracts';
import { newId } from '@plenary/platform';
import { Client } from 'pg';
import { type Delegate, DoorWorld, iso, minute } from '../door.test-world';

let world: DoorWorld;
beforeAll(async () => {
  world = await DoorWorld.open();
});
afterAll(() => world.close());

const conflictsOf = async (who: Delegate): Promise<Conflict[]> => {
  const list = await world.replica.conflicts.list(
    { params: { slug: world.slug }, query: { limit: 200 }, body: undefined },
    world.supervisor,
  );
  return list.items.filter((conflict) => conflict.registrationId === who.registrationId);
};
const ago = (minutes: number) => iso(Date.now() - minutes * minute);
const acted = (gateId: string, who: Delegate, minutes: number, act: 'admitted' | 'exited' | 'refused' | 'undecided') =>
  world.body(gateId, who, {
    scannedAt: ago(minutes),
    acted: act,
    direction: act === 'exited' ? 'exit' : 'entry',
  });

describe('a batch', () => {
  it('of 200 with 3 malformed: 197 verdicts, 3 errors, in order; again: the same answers, no new rows', async () => {
    const { subForumId, gateId } = await world.subForum({ capacity: 300 });
    const scans: unknown[] = [];
    for (let n = 0; n < 197; n++) scans.push(acted(gateId, await world.delegate([subForumId]), 5, 'admitted'));
    scans.splice(150, 0, { scanId: 'no' });
    scans.splice(70, 0, null);
    scans.splice(10, 0, { ...(scans[0] as object), scanId: newId(), extra: 1 });
    const first = await world.upload(scans);
    expect(first.results).toHaveLength(200);
    first.results.forEach((result, index) => {
      if ([10, 71, 152].includes(index)) expect(result).toMatchObject({ status: 400, code: 'request_invalid' });
      else expect(result).toMatchObject({ verdict: 'admitted', scanId: (scans[index] as { scanId: string }).scanId });
    });
    expect(await world.inside(subForumId)).toBe(197);
    const [rows, events] = [await world.count('scan_log'), await world.count('outbox')];
    const again = await world.upload(scans);
    expect(again.results).toEqual(
      first.results.map((result) => ('verdict' in result ? { ...result, replay: true } : result)),
    );
    expect([await world.count('scan_log'), await world.count('outbox')]).toEqual([rows, events]);
  }, 60_000);

  it('an unknown gate, a reused id, the same id twice: each has its own answer', async () => {
    const { subForumId, gateId } = await world.subForum();
    const holder = await world.delegate([subForumId]);
    const scan = acted(gateId, holder, 3, 'admitted');
    const { results } = await world.upload([
      acted(newId(), holder, 4, 'admitted'),
      scan,
      scan,
      { ...scan, direction: 'exit' },
      { ...scan, acted: 'refused' },
    ]);
    expect(results).toMatchObject([
      { status: 404, code: 'not_found' },
      { verdict: 'admitted', replay: false },
      { verdict: 'admitted', replay: true },
      { status: 422, code: 'scan_id_reused' },
      { status: 422, code: 'scan_id_reused' },
    ]);
  });
});

describe('what doors did without network', () => {
  it.each([
    ['the earlier one uploaded first', [10, 5]],
    ['the later one uploaded first', [5, 10]],
  ])(
    'two doors admitted the same badge, %s: both kept, one conflict, the earlier one is the admission',
    async (_, order) => {
      const { subForumId, gateId } = await world.subForum({ startsAt: ago(30) });
      const holder = await world.delegate([subForumId]);
      const otherDoor = await world.device({ rooms: ['Hall A'] });
      const scans = order.map((minutes) => acted(gateId, holder, minutes, 'admitted'));
      const first = (await world.upload([scans[0]], world.door)).results[0] as Verdict;
      const second = (await world.upload([scans[1]], otherDoor)).results[0] as Verdict;
      expect(first.conflictId).toBeUndefined();
      const conflicts = await conflictsOf(holder);
      expect(conflicts).toMatchObject([{ kind: 'offline_double', state: 'open', subForumId, id: second.conflictId }]);
      const earlier = scans[order.indexOf(10)];
      expect(conflicts[0]?.scans.map((scan) => scan.scanId)).toEqual([
        earlier?.scanId,
        scans.find((scan) => scan !== earlier)?.scanId,
      ]);
      expect(await world.inside(subForumId)).toBe(1);
      const stays = await world.database.query<{ scanId: string }>(
        'SELECT scan_id AS "scanId" FROM stays WHERE registration_id = $1',
        [holder.registrationId],
      );
      expect(stays).toEqual([{ scanId: earlier?.scanId }]);
      const told = await world.published<{ conflictId: string; version: number }>('conflict.found.v1');
      expect(told.filter((event) => event.conflictId === second.conflictId)).toMatchObject([{ version: 1 }]);
    },
  );

  it('a double and the exit that explains it in one upload: nothing was ever contradicted', async () => {
    const { subForumId, gateId } = await world.subForum({ startsAt: ago(30) });
    const holder = await world.delegate([subForumId]);
    const { results } = await world.upload([
      acted(gateId, holder, 20, 'admitted'),
      acted(gateId, holder, 5, 'admitted'),
      acted(gateId, holder, 10, 'exited'),
    ]);
    expect(results).toMatchObject([
      { verdict: 'admitted' },
      { verdict: 'refused', reason: 'already_inside' },
      { verdict: 'exited' },
    ]);
    expect(await conflictsOf(holder)).toEqual([]);
    // The checker knows it by this: what was refused in words has a stay of its own.
    const opened = await world.database.query('SELECT scan_id FROM stays WHERE registration_id = $1', [
      holder.registrationId,
    ]);
    expect(opened.map((stay) => stay.scan_id)).toContain((results[1] as Verdict).scanId);
  });

  it('an exit uploaded late that explains the double: the conflict is withdrawn', async () => {
    const { subForumId, gateId } = await world.subForum({ startsAt: ago(30) });
    const holder = await world.delegate([subForumId]);
    await world.upload([acted(gateId, holder, 20, 'admitted'), acted(gateId, holder, 5, 'admitted')]);
    expect(await conflictsOf(holder)).toMatchObject([{ state: 'open' }]);
    await world.upload([acted(gateId, holder, 10, 'exited')]);
    expect(await conflictsOf(holder)).toMatchObject([{ state: 'withdrawn' }]);
    expect(await world.stays(holder)).toEqual([
      [subForumId, 'scan'],
      [subForumId, null],
    ]);
    const told = await world.published<{ registrationId: string; version: number; state: string }>(
      'conflict.resolved.v1',
    );
    expect(told.filter((event) => event.registrationId === holder.registrationId)).toMatchObject([
      { version: 2, state: 'withdrawn' },
    ]);
  });

  it('an exit that is uploaded late, but scanned earlier, is placed where it belongs', async () => {
    const { subForumId, gateId } = await world.subForum({ startsAt: ago(30) });
    const holder = await world.delegate([subForumId]);
    await world.scan(gateId, holder, { scannedAt: ago(20) });
    const late = acted(gateId, holder, 15, 'exited');
    expect(await world.scan(gateId, holder)).toMatchObject({ reason: 'already_inside' });
    expect((await world.upload([late])).results).toMatchObject([{ verdict: 'exited', detail: 'normal' }]);
    expect(await world.inside(subForumId)).toBe(0);
    expect(await world.scan(gateId, holder)).toMatchObject({ detail: 're_entry' });
  });

  it('the server refused, the answer came after the door had decided to admit: inside, and a conflict says so', async () => {
    const { subForumId, gateId } = await world.subForum();
    const stranger = await world.delegate();
    const body = world.body(gateId, stranger);
    expect(await world.replica.scans.scan(body, world.door)).toMatchObject({ reason: 'no_seat' });
    const { results } = await world.upload([{ ...body, acted: 'admitted' }]);
    expect(results).toMatchObject([{ reason: 'no_seat', replay: true, conflictId: expect.any(String) }]);
    expect(await conflictsOf(stranger)).toMatchObject([
      { kind: 'offline_refused_by_rules', scans: [{ verdict: 'refused', reason: 'no_seat', acted: 'admitted' }] },
    ]);
    expect(await world.inside(subForumId)).toBe(1);
    expect((await world.upload([{ ...body, acted: 'admitted' }])).results).toEqual(results);
    const told = (await world.published<ScanRecord>('scan.recorded.v1')).filter((one) => one.scanId === body.scanId);
    expect(told.map(({ version, acted, outcome }) => [version, acted, outcome])).toEqual([
      [1, null, 'none'],
      [2, 'admitted', 'admitted'],
    ]);
    expect(await world.undo(body.scanId)).toMatchObject({ undone: true, room: { inside: 0 } });
    expect(await conflictsOf(stranger)).toMatchObject([{ state: 'withdrawn' }]);
    const undone = await world.published<{ scanId: string; version: number }>('scan.undone.v1');
    expect(undone.filter((event) => event.scanId === body.scanId)).toMatchObject([{ version: 3 }]);
  });

  it('the server admitted, the door turned away: not inside, and a conflict says so; undecided opens nothing', async () => {
    const { subForumId, gateId } = await world.subForum();
    const [sentAway, unsure] = [await world.delegate([subForumId]), await world.delegate([subForumId])];
    const { results } = await world.upload([
      acted(gateId, sentAway, 2, 'refused'),
      acted(gateId, unsure, 2, 'undecided'),
    ]);
    expect(results).toMatchObject([{ verdict: 'admitted' }, { verdict: 'admitted' }]);
    expect(await conflictsOf(sentAway)).toMatchObject([{ kind: 'shown_differs' }]);
    expect(await conflictsOf(unsure)).toEqual([]);
    expect(await world.inside(subForumId)).toBe(0);
  });

  it('more admitted offline than the room holds: all inside, one conflict for each above the cap', async () => {
    const { subForumId, gateId } = await world.subForum({ roomCap: 2 });
    const holders = [];
    for (let n = 0; n < 4; n++) holders.push(await world.delegate([subForumId]));
    await world.upload(holders.map((holder) => acted(gateId, holder, 2, 'admitted')));
    expect(await world.inside(subForumId)).toBe(4);
    const kinds = await Promise.all(holders.map(async (holder) => (await conflictsOf(holder)).map(({ kind }) => kind)));
    expect(kinds).toEqual([[], [], ['room_overfull'], ['room_overfull']]);
    expect(await world.scan(gateId, await world.delegate([subForumId]))).toMatchObject({ reason: 'room_full' });
  });

  it('an unknown badge that was let in is kept, with a conflict of nobody', async () => {
    const { gateId } = await world.subForum();
    const body = world.body(gateId, { registrationId: newId() }, { acted: 'admitted' });
    const [verdict] = (await world.upload([body])).results as Verdict[];
    expect(verdict).toMatchObject({ reason: 'unknown_badge', conflictId: expect.any(String) });
  });

  it('what arrives in any order and on two replicas ends in the same stays and conflicts', async () => {
    const [a, b] = [
      await world.subForum({ startsAt: ago(60), capacity: 100 }),
      await world.subForum({ startsAt: ago(60), room: 'Hall B', capacity: 100 }),
    ];
    const story: [typeof a, number, 'admitted' | 'exited' | 'refused'][] = [
      [a, 50, 'admitted'],
      [a, 45, 'admitted'],
      [b, 40, 'admitted'],
      [b, 35, 'exited'],
      [a, 30, 'exited'],
      [a, 25, 'admitted'],
      [b, 20, 'refused'],
      [b, 15, 'admitted'],
      [b, 12, 'admitted'],
    ];
    const outcomes = [];
    for (const seed of [1, 2, 3, 5, 7, 11]) {
      const holder = await world.delegate([a.subForumId, b.subForumId]);
      const replicas = [world.replica, world.anotherReplica()];
      const scans = story.map(([place, minutes, act], index) => ({
        body: acted(place.gateId, holder, minutes, act),
        key: ((index + 1) * seed * 7919) % 10_007,
      }));
      const shuffled = scans.toSorted((one, other) => one.key - other.key);
      await Promise.all(
        replicas.map((replica, n) =>
          replica.scans.batch(
            shuffled.filter((_, index) => index % 2 === n).map(({ body }) => body),
            world.door,
          ),
        ),
      );
      const open = (await conflictsOf(holder)).filter((conflict) => conflict.state === 'open');
      const minutesOf = new Map(scans.map(({ body }, index) => [body.scanId, story[index]?.[1]]));
      const pairs = open.map(({ kind, scans: both }) => [kind, ...both.map((one) => minutesOf.get(one.scanId))]);
      outcomes.push({
        stays: await world.stays(holder),
        doubles: pairs.filter(([kind]) => kind === 'offline_double').sort(),
      });
    }
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(outcomes[0]?.stays).toEqual([
      [a.subForumId, 'inferred'],
      [b.subForumId, 'scan'],
      [a.subForumId, 'inferred'],
      [b.subForumId, null],
    ]);
    expect(outcomes[0]?.doubles).toEqual([
      ['offline_double', 15, 12],
      ['offline_double', 50, 45],
    ]);
  });
});

describe('the log', () => {
  it('cannot be changed by the service', async () => {
    for (const sql of ['UPDATE scan_log SET verdict = verdict', 'DELETE FROM scan_log', 'TRUNCATE scan_log']) {
      await expect(world.database.query(sql)).rejects.toMatchObject({ message: expect.stringMatching(/permission/) });
    }
  });

  it('holds nobody’s name, contact or token', async () => {
    const { subForumId, gateId } = await world.subForum();
    const holder = await world.delegate([subForumId]);
    await world.scan(gateId, holder);
    const admin = new Client({ connectionString: world.adminUrl });
    await admin.connect();
    const { rows } = await admin.query(
      `SELECT l::text || coalesce((SELECT string_agg(body::text, '') FROM check_in.outbox WHERE topic = 'plenary.check-ins'), '') AS all
       FROM check_in.scan_log l`,
    );
    await admin.end();
    expect(rows.length).toBeGreaterThan(0);
    for (const { all } of rows) expect(all).not.toMatch(/王小明|Wang|example\.org|Institute/);
    expect(rows.some(({ all }) => all.includes(holder.token))).toBe(false);
  });
});
