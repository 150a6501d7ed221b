import fc from 'fast-check';
import { type DoorDeed, doorModel, type Said, type Scans } from './door.model';
import { explain } from './explain';
import { historyOf, overlapped, type Row, spread } from './overlapped.test-world';

const people = ['a', 'b', 'c', 'd'];
const hall = { cap: null, holders: people };

/** `a in east`: badge a to the hall by that gate, at once the time of the scan; `said`: verdict, inside, first gate. */
function scan(line: string, at: number, said?: [string, number, string?], more: Partial<DoorDeed> = {}): DoorDeed {
  const [badge = '', way, gate = '', room = 'hall'] = line.split(' ');
  const answer: Said | undefined = said && { verdict: said[0], inside: said[1], firstGate: said[2] };
  const direction = way === 'in' ? 'entry' : 'exit';
  return { scanId: `${line} at ${at}`, badge, direction, gate, room, at, said: answer, ...more };
}
const inTurn = (deeds: DoorDeed[]): Row<DoorDeed>[] => deeds.map((deed, n) => [n * 2, n * 2 + 1, `door ${n}`, deed]);
const explainable = (rooms: Parameters<typeof doorModel>[0], rows: Row<DoorDeed>[]) =>
  explain(historyOf(rows), doorModel(rooms)).explainable;

describe('a door, one scan at a time', () => {
  it('admits once, lets out and in again, keeps the cap, ends the stay elsewhere, and repeats itself', () => {
    const twice = scan('a in east', 0, ['admitted first', 1]);
    const rooms = { hall: { cap: 2, holders: ['a', 'b', 'c'] }, annex: { cap: null, holders: ['a'] } };
    const rows = inTurn([
      ...[twice, scan('a in west', 1, ['refused already_inside', 1, 'east']), twice],
      ...[scan('b in west', 2, ['admitted first', 2]), scan('c in east', 3, ['refused room_full', 2])],
      ...[scan('x in east', 4, ['refused no_seat', 2]), scan('a out west', 5, ['exited normal', 1])],
      ...[scan('a out west', 6, ['exited not_inside', 1]), scan('c in east', 7, ['admitted first', 2])],
      ...[scan('b in north annex', 8, ['refused no_seat', 0]), scan('a in north annex', 9, ['admitted first', 1])],
      ...[scan('b out east', 10, ['exited normal', 1]), scan('a in west', 11, ['admitted re_entry', 2])],
      ...[scan('a out north annex', 12, ['exited not_inside', 0]), twice],
    ]);
    expect(explain(historyOf(rows), doorModel(rooms))).toMatchObject({ explainable: true });
  });

  it.each<[string, Parameters<typeof doorModel>[0], Row<DoorDeed>[]]>([
    [
      'a badge admitted twice, one after the other',
      { hall },
      inTurn([scan('a in east', 0, ['admitted first', 1]), scan('a in west', 1, ['admitted first', 1])]),
    ],
    [
      'a badge admitted twice at the same instant',
      { hall },
      [
        [0, 5, 'east', scan('a in east', 0, ['admitted first', 1])],
        [0, 5, 'west', scan('a in west', 0, ['admitted first', 1])],
      ],
    ],
    [
      'one too many in a room, both the last',
      { hall: { cap: 1, holders: people } },
      [
        [0, 5, 'east', scan('a in east', 0, ['admitted first', 1])],
        [0, 5, 'west', scan('b in west', 0, ['admitted first', 1])],
      ],
    ],
    [
      'refused by a room that is not full',
      { hall: { cap: 1, holders: people } },
      inTurn([scan('a in east', 0, ['refused room_full', 0])]),
    ],
    [
      'refused as inside who has left',
      { hall },
      inTurn([
        ...[scan('a in east', 0, ['admitted first', 1]), scan('a out east', 1, ['exited normal', 0])],
        scan('a in east', 2, ['refused already_inside', 0, 'east']),
      ]),
    ],
    ['a count that is wrong', { hall }, inTurn([scan('a in east', 0, ['admitted first', 2])])],
    [
      'a repeat with another verdict',
      { hall },
      inTurn([
        scan('a in east', 0, ['admitted first', 1]),
        scan('a in east', 0, ['refused already_inside', 1, 'east']),
      ]),
    ],
    [
      'a stay that an entry elsewhere did not end',
      { hall, annex: hall },
      inTurn([
        ...[scan('a in east', 0, ['admitted first', 1]), scan('a in north annex', 1, ['admitted first', 1])],
        scan('a out east', 2, ['exited normal', 0]),
      ]),
    ],
  ])('does not explain %s', (_, rooms, rows) => {
    expect(explainable(rooms, rows)).toBe(false);
  });

  it('takes a scan that got no answer as decided or not', () => {
    const lost: Row<DoorDeed> = [0, undefined, 'east', scan('a in east', 0)];
    const later = (said: [string, number, string?]): Row<DoorDeed> => [8, 9, 'west', scan('a in west', 8, said)];
    expect(explainable({ hall }, [lost, later(['admitted first', 1])])).toBe(true);
    expect(explainable({ hall }, [lost, later(['refused already_inside', 1, 'east'])])).toBe(true);
    expect(explainable({ hall }, [lost, later(['refused already_inside', 1, 'west'])])).toBe(false);
  });

  it('folds by the time of the scans: an exit of before an entry does not end it', () => {
    const rows = inTurn([
      scan('a in east', 10, ['admitted first', 1]),
      scan('a out west', 5, ['exited normal', 1]),
      scan('a in west', 20, ['refused already_inside', 1, 'east']),
    ]);
    expect(explainable({ hall }, rows)).toBe(true);
  });
});

const step = fc.record({
  badge: fc.constantFrom(...people),
  way: fc.constantFrom('in', 'in', 'out'),
  gate: fc.constantFrom('east', 'west'),
  room: fc.constantFrom('hall', 'hall', 'annex'),
});

describe('whatever doors did', () => {
  it('is explained, however much of it overlapped and whatever answers were lost', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3 }),
        fc.array(step, { maxLength: 20 }),
        fc.array(spread, { minLength: 1, maxLength: 20 }),
        (cap, steps, spreads) => {
          const model = doorModel({ hall: { cap, holders: people }, annex: hall });
          let scans: Scans = [];
          const deeds = steps.map(({ badge, way, gate, room }, n) => {
            scans = model.step(scans, scan(`${badge} ${way} ${gate} ${room}`, n)) as Scans;
            return { client: `scan ${n}`, deed: scans.at(-1) as DoorDeed };
          });
          expect(explain(overlapped(deeds, spreads, model), model)).toMatchObject({ explainable: true });
        },
      ),
      { numRuns: 300 },
    );
  });
});
