import type { SubForumCard } from '@plenary/contracts';
import { entryOf, type Picking } from './entry';

const card = (id: string, startsAt: string, endsAt: string) =>
  ({
    id,
    startsAt,
    endsAt,
    state: 'scheduled',
    admission: 'seat',
    capacity: 10,
    seatsLeft: 0,
    waitlisted: 2,
  }) as SubForumCard;
const urban = card('urban', '2026-05-21T01:00:00Z', '2026-05-21T03:00:00Z');
const water = card('water', '2026-05-21T02:00:00Z', '2026-05-21T04:00:00Z');
const picking = (differs: Partial<Picking>): Picking => ({
  conference: {} as Picking['conference'],
  now: Date.parse('2026-05-20T00:00:00Z'),
  chosen: [],
  held: [],
  acts: undefined,
  ...differs,
});

it('clashes with what is chosen and never with itself', () => {
  expect(entryOf(water, picking({ chosen: [urban, water] }))).toMatchObject({ chosen: true, clashes: [urban] });
  expect(entryOf(urban, picking({ chosen: [urban] }))).toMatchObject({ chosen: true, clashes: [] });
});

it('holds what was asked for, confirmed or waitlisted; a seat that is gone is asked for anew', () => {
  const heldAs = (state: Picking['held'][number]['state']) =>
    entryOf(urban, picking({ held: [{ subForumId: 'urban', state }] })).held?.state;
  for (const state of ['awaiting_approval', 'pending', 'confirmed', 'waitlisted'] as const) {
    expect(heldAs(state)).toBe(state);
  }
  for (const state of ['refused', 'released'] as const) expect(heldAs(state)).toBeUndefined();
  expect(entryOf(water, picking({ held: [{ subForumId: 'urban', state: 'confirmed' }] })).held).toBeUndefined();
});
