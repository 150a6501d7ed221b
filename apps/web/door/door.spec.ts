import fc from 'fast-check';
import { codeIn, formatCode, isWhole } from './enrol-code';
import { placeGates } from './gates';
import { fitName } from './name-fit';
import { AWAY_MS, REPEAT_MS, RepeatGuard } from './repeat-guard';
import { newScanId } from './scan-id';
import { isEnough } from './search-rules';
import { ServerClock } from './server-clock';

describe('an enrolment code', () => {
  it.each([
    ['7kq2m0xd93tv', '7KQ2-M0XD-93TV'],
    [' 7kq2 m0xd 93tv ', '7KQ2-M0XD-93TV'],
    ['7KQ2–M0XD—93TV', '7KQ2-M0XD-93TV'],
    ['7kq2-moxd-93tv', '7KQ2-M0XD-93TV'],
    ['iL00-0000-0000', '1100-0000-0000'],
    ['7kq2', '7KQ2'],
    ['7kq2m', '7KQ2-M'],
    ['', ''],
  ])('typed as %j is %j', (typed, code) => {
    expect(formatCode(typed)).toBe(code);
  });

  it('formatted again is the same, and never longer than a code', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (typed) => {
        const code = formatCode(typed);
        expect(formatCode(code)).toBe(code);
        expect(code.length).toBeLessThanOrEqual(14);
        expect(isWhole(code)).toBe(code.length === 14);
      }),
    );
  });

  it('is found in the address that an organiser’s QR code opens', () => {
    expect(codeIn('#enrol=7KQ2-M0XD-93TV')).toBe('7KQ2-M0XD-93TV');
    expect(codeIn('#enrol=7kq2m0xd93tv&x=1')).toBe('7KQ2-M0XD-93TV');
    expect(codeIn('#other')).toBeUndefined();
    expect(codeIn('')).toBeUndefined();
  });
});

describe('the same badge before the camera', () => {
  it('is one scan as long as it is held there', () => {
    const guard = new RepeatGuard();
    const news = Array.from({ length: 200 }, (_, index) => guard.isNews('A', index * 70)).filter(Boolean);
    expect(news).toHaveLength(1);
  });

  it('is news only when 4 s have passed and it was away', () => {
    const guard = new RepeatGuard();
    expect(guard.isNews('A', 0)).toBe(true);
    expect(guard.isNews('A', 1_000)).toBe(false);
    expect(guard.isNews('A', REPEAT_MS)).toBe(true);
    expect(guard.isNews('A', REPEAT_MS + AWAY_MS - 1)).toBe(false);
  });

  it('another one is news at once, and so is the first after it', () => {
    const guard = new RepeatGuard();
    expect(['A', 'B', 'A', 'A'].map((text, index) => guard.isNews(text, index * 100))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('is never taken twice within 4 s of itself', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 2_000 }), { maxLength: 60 }), (gaps) => {
        const guard = new RepeatGuard();
        let at = 0;
        const taken: number[] = [];
        for (const gap of gaps) {
          at += gap;
          if (guard.isNews('A', at)) taken.push(at);
        }
        for (const [index, time] of taken.entries()) {
          if (index > 0) expect(time - (taken[index - 1] as number)).toBeGreaterThanOrEqual(REPEAT_MS);
        }
      }),
    );
  });
});

describe('the server’s clock', () => {
  const clocks = () => {
    const time = { steady: 0, wall: 1_000_000 };
    const pass = (ms: number) => {
      time.steady += ms;
      time.wall += ms;
    };
    return {
      time,
      pass,
      clock: new ServerClock(
        () => time.steady,
        () => time.wall,
      ),
    };
  };
  const iso = (at: number) => new Date(at).toISOString();

  it('is not known before an answer', () => {
    expect(clocks().clock.offsetMs()).toBeUndefined();
  });

  it('is taken from the middle of a call, and carried over a change of this device’s clock', () => {
    const { clock, pass, time } = clocks();
    const started = clock.start();
    pass(100);
    clock.learn(started, { decidedAt: iso(1_000_050 + 420_000) });
    expect(clock.offsetMs()).toBe(420_000);
    time.wall += 60_000;
    expect(clock.offsetMs()).toBe(360_000);
  });

  it('prefers the exact and quick answer to the rough and slow one', () => {
    const { clock, pass, time } = clocks();
    let started = clock.start();
    clock.learn(started, { date: new Date(time.wall).toUTCString() });
    pass(10);
    started = clock.start();
    pass(20);
    clock.learn(started, { decidedAt: iso(time.wall - 10 + 5_000) });
    started = clock.start();
    pass(3_000);
    clock.learn(started, { decidedAt: iso(time.wall + 9_000) });
    expect(clock.offsetMs()).toBe(5_000);
  });
});

describe('the gates to choose from', () => {
  const noon = Date.parse('2026-05-21T04:00:00Z');
  const hours = (from: number) => new Date(noon + from * 3_600_000).toISOString();
  const subForum = (id: string, room: string, from: number, to: number, state = 'scheduled') =>
    ({ id, room, startsAt: hours(from), endsAt: hours(to), state }) as never;
  const gate = (id: string, subForumId: string | null, more: object = {}) =>
    ({
      id,
      subForumId,
      name: id,
      direction: 'both',
      open: true,
      opensBeforeMinutes: 30,
      closesAfterMinutes: 0,
      opensAt: null,
      closesAt: null,
      ...more,
    }) as never;

  it('stand in the order of the clock: open now, later, over, switched off, cancelled', () => {
    const placed = placeGates(
      [
        gate('cancelled', 'f'),
        gate('off', 'b', { open: false }),
        gate('venue', null),
        gate('later', 'c'),
        gate('over', 'd'),
        gate('now', 'b'),
        gate('next', 'e'),
      ],
      [
        subForum('b', '302', -1, 1),
        subForum('c', '304', 5, 6),
        subForum('d', '304', -3, -2),
        subForum('e', '304', 2, 3),
        subForum('f', '304', -1, 1, 'cancelled'),
      ],
      'Asia/Shanghai',
      noon,
    );
    expect(placed.map(({ gate, time }) => [gate.id, time])).toEqual([
      ['now', 'now'],
      ['venue', 'now'],
      ['next', 'later'],
      ['later', 'later'],
      ['over', 'over'],
      ['off', 'off'],
      ['cancelled', 'cancelled'],
    ]);
  });

  it('a gate does not open while the room’s last sub-forum runs', () => {
    const [, second] = placeGates(
      [gate('first', 'a'), gate('second', 'b')],
      [subForum('a', '302', -1, 0.25), subForum('b', '302', 0.5, 1)],
      'Asia/Shanghai',
      noon,
    );
    expect(second).toMatchObject({ time: 'later', opensAt: noon + 0.25 * 3_600_000 });
  });
});

it('a search of two hanzi or three letters is enough', () => {
  expect(['欧阳', '欧 阳', 'ouy', 'Li Na', '王ab'].map(isEnough)).toEqual([true, true, true, true, true]);
  expect(['', '欧', 'ou', ' o u ', '王a', '...'].map(isEnough)).toEqual([false, false, false, false, false, false]);
});

it('a name that is too wide keeps both its ends', () => {
  expect(fitName('欧阳明慧', 14)).toBe('欧阳明慧');
  const long = fitName('Wolfeschlegelsteinhausenbergerdorff Maximiliane', 14);
  expect(long).toMatch(/^Wolfesch.*….*miliane$/);
  expect(fitName('𠮷'.repeat(30), 14)).not.toMatch(/\p{Surrogate}/u);
});

it('scan ids are UUIDs of version 7, in the order of their times', () => {
  const ids = [1, 2, 3].map((step) => newScanId(Date.UTC(2026, 4, 21) + step));
  expect(ids).toEqual([...ids].sort());
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
