import { type AtSubForum, byTrouble, fillStateOf, minutesToFull, patched, phaseOf, silentGates } from './board';

const now = Date.parse('2026-05-21T10:00:00Z');
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();

function room(more: Partial<AtSubForum> = {}): AtSubForum {
  return {
    subForumId: 'a',
    code: 'A',
    title: { en: 'A' },
    track: null,
    room: '101',
    floor: null,
    startsAt: at(-30),
    endsAt: at(60),
    state: 'scheduled',
    capacity: 100,
    roomCap: null,
    confirmed: 10,
    waitlisted: 0,
    admitted: 0,
    inside: 0,
    noShows: 0,
    walkIns: 0,
    arrivalsPerMinute: 0,
    forecastFullAt: null,
    ...more,
  };
}

describe('the state of a sub-forum', () => {
  it.each([
    ['open', room()],
    ['open', room({ confirmed: 74 })],
    ['filling', room({ confirmed: 75 })],
    ['full', room({ confirmed: 100 })],
    ['full', room({ confirmed: 120 })],
    ['full', room({ capacity: 0, confirmed: 0 })],
    ['roomFull', room({ confirmed: 100, inside: 100 })],
    ['roomFull', room({ confirmed: 10, inside: 40, roomCap: 40 })],
    ['noLimit', room({ capacity: null, confirmed: 5000 })],
    ['roomFull', room({ capacity: null, roomCap: 50, inside: 51 })],
    ['closed', room({ state: 'closed' })],
    ['full', room({ state: 'closed', confirmed: 100 })],
    ['ended', room({ confirmed: 100, inside: 100, endsAt: at(0) })],
    ['cancelled', room({ state: 'cancelled', endsAt: at(-1) })],
  ] as const)('is %s', (state, subForum) => {
    expect(fillStateOf(subForum, now)).toBe(state);
  });

  it('runs from its start up to its end', () => {
    const phases = [-1, 0, 59, 60].map((minute) => phaseOf({ startsAt: at(0), endsAt: at(60) }, now + minute * 60_000));
    expect(phases).toEqual(['later', 'now', 'now', 'ended']);
  });
});

describe('trouble first', () => {
  const rooms = {
    waiting21: room({ confirmed: 100, waitlisted: 21 }),
    waiting3: room({ confirmed: 100, waitlisted: 3 }),
    waitingTomorrow: room({ confirmed: 100, waitlisted: 99, startsAt: at(1440), endsAt: at(1500) }),
    in5: room({ forecastFullAt: at(5), startsAt: at(20) }),
    in11: room({ forecastFullAt: at(11) }),
    quiet: room({ room: '9' }),
    quietToo: room({ room: '10' }),
    fullNobodyWaits: room({ confirmed: 100, room: '11' }),
    later: room({ startsAt: at(5) }),
    ended: room({ endsAt: at(-1), confirmed: 100, waitlisted: 50 }),
    cancelled: room({ state: 'cancelled', waitlisted: 7 }),
  };

  it('orders waitlists, forecasts, now, later, over', () => {
    const shuffled = Object.keys(rooms).sort() as (keyof typeof rooms)[];
    const compare = byTrouble(now);
    expect(shuffled.sort((one, other) => compare(rooms[one], rooms[other]))).toEqual(Object.keys(rooms));
  });
});

it('says how many minutes are left, at least one', () => {
  expect(minutesToFull({ forecastFullAt: at(11) }, now)).toBe(11);
  expect(minutesToFull({ forecastFullAt: at(-2) }, now)).toBe(1);
  expect(minutesToFull({ forecastFullAt: null }, now)).toBeUndefined();
});

it('keeps the objects of rows that have not changed', () => {
  const before = [room({ subForumId: 'a' }), room({ subForumId: 'b' })];
  const after = patched(
    before,
    [room({ subForumId: 'b' }), room({ subForumId: 'a', inside: 1 })],
    (row) => row.subForumId,
  );
  expect(after[0]).toBe(before[1]);
  expect(after[1]).not.toBe(before[0]);
  expect(after[1]?.inside).toBe(1);
});

describe('silent doors', () => {
  const gate = { gateId: 'g', name: '101', subForumId: 'a', scansPerMinute: 0, refusals: {}, lastScanAt: null };
  const silent = (subForum: Partial<AtSubForum>, lastScanAt: string | null = null) =>
    silentGates({ gates: [{ ...gate, lastScanAt }], subForums: [room(subForum)] }, now).length === 1;

  it.each([
    [true, 'nobody has come for 10 minutes', { startsAt: at(-10) }, null],
    [true, 'the last came 4 minutes ago', { startsAt: at(-10) }, at(-4)],
    [false, 'the last came 2 minutes ago', { startsAt: at(-10) }, at(-2)],
    [false, 'doors opened 2 minutes ago', { startsAt: at(28) }, null],
    [true, 'doors opened 4 minutes ago', { startsAt: at(26) }, null],
    [false, 'it began long ago', { startsAt: at(-16) }, null],
    [false, 'everybody is there', { startsAt: at(-10), confirmed: 10, admitted: 10 }, null],
    [false, 'it is cancelled', { startsAt: at(-10), state: 'cancelled' }, null],
  ] as const)('%s: %s', (expected, _, subForum, last) => {
    expect(silent(subForum, last)).toBe(expected);
  });

  it('are none of the venue', () => {
    expect(silentGates({ gates: [{ ...gate, subForumId: null }], subForums: [room()] }, now)).toEqual([]);
  });
});
