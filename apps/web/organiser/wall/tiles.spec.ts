import { gridOf, shiftAt, type Tile, tilesOf } from './tiles';

const now = Date.parse('2026-05-21T10:00:00Z');
const tile = (subForumId: string, start: number, room: string, more: Partial<Tile> = {}): Tile => ({
  subForumId,
  title: { en: subForumId },
  room,
  floor: '1F',
  startsAt: new Date(now + start * 60_000).toISOString(),
  endsAt: new Date(now + (start + 60) * 60_000).toISOString(),
  state: 'scheduled',
  capacity: 10,
  roomCap: null,
  confirmed: 0,
  waitlisted: 0,
  inside: 0,
  ...more,
});

it('shows what is not over, by start and room', () => {
  const all = [tile('late', 30, '2'), tile('ten', 0, '10'), tile('nine', 0, '9'), tile('over', -60, '1')];
  expect(tilesOf(all, undefined, now).map((one) => one.subForumId)).toEqual(['nine', 'ten', 'late']);
});

it('shows one floor where it is asked for one', () => {
  const all = [tile('up', 0, '301', { floor: '3F' }), tile('down', 0, '101'), tile('nowhere', 0, 'X', { floor: null })];
  expect(tilesOf(all, '3F', now).map((one) => one.subForumId)).toEqual(['up']);
});

it.each([
  [1872, 984, 7, 6],
  [358, 700, 1, 4],
  [10, 10, 1, 1],
])('an area of %d by %d has %d columns and %d rows', (width, height, columns, rows) => {
  expect(gridOf(width, height)).toEqual({ columns, rows });
});

it('moves two pixels a minute and comes back', () => {
  const places = [0, 1, 2, 3, 4].map((minute) => shiftAt(minute * 60_000));
  expect(new Set(places.slice(0, 4).map(({ x, y }) => `${x},${y}`)).size).toBe(4);
  expect(places[4]).toEqual(places[0]);
  for (const [index, { x, y }] of places.slice(1).entries()) {
    const before = places[index] ?? { x: 0, y: 0 };
    expect(Math.abs(x - before.x) + Math.abs(y - before.y)).toBe(2);
  }
});
