import { assert, integer, property } from 'fast-check';
import { mayBeChosen, seatsOf } from './seat-state';

const now = Date.UTC(2026, 4, 21, 10);
const subForum = {
  state: 'scheduled',
  admission: 'seat',
  capacity: 100,
  seatsLeft: 100,
  waitlisted: 0,
  endsAt: '2026-05-21T12:00:00Z',
} as const;
const state = (differs: Partial<Parameters<typeof seatsOf>[0]>) => seatsOf({ ...subForum, ...differs }, now);

it('is filling from 75 % on and full at none, with a number only at 20 seats or fewer', () => {
  expect(state({ seatsLeft: 26 })).toEqual({ state: 'open', left: undefined, waiting: 0 });
  expect(state({ seatsLeft: 25 })).toEqual({ state: 'filling', left: undefined, waiting: 0 });
  expect(state({ seatsLeft: 21 }).left).toBeUndefined();
  expect(state({ seatsLeft: 20 })).toEqual({ state: 'filling', left: 20, waiting: 0 });
  expect(state({ seatsLeft: 0, waitlisted: 7 })).toEqual({ state: 'full', left: undefined, waiting: 7 });
  // A small room is not filling while it is empty, though few seats are left in it.
  expect(state({ capacity: 10, seatsLeft: 10 })).toEqual({ state: 'open', left: 10, waiting: 0 });
  // Capacity was lowered below what is taken, or is nothing at all.
  expect(state({ seatsLeft: -3 }).state).toBe('full');
  expect(state({ capacity: 0, seatsLeft: 0 }).state).toBe('full');
});

it('has no seats to speak of where none are needed or none are counted', () => {
  expect(state({ admission: 'open', capacity: null, seatsLeft: null })).toEqual({
    state: 'no_seat',
    left: undefined,
    waiting: 0,
  });
  expect(state({ capacity: null, seatsLeft: null }).state).toBe('open');
});

it('says first what cannot be changed: cancelled, over, closed', () => {
  const full = { seatsLeft: 0 } as const;
  expect(state({ ...full, state: 'closed' }).state).toBe('closed');
  expect(state({ ...full, state: 'closed', endsAt: '2026-05-21T10:00:00Z' }).state).toBe('over');
  expect(state({ ...full, state: 'cancelled', endsAt: '2026-05-21T09:00:00Z' }).state).toBe('cancelled');
  expect(
    ['open', 'filling', 'full', 'no_seat', 'closed', 'cancelled', 'over'].map((one) => mayBeChosen(one as never)),
  ).toEqual([...[true, true, true, true], ...[false, false, false]]);
});

it('never goes back towards open while seats go', () => {
  const order = ['open', 'filling', 'full'];
  assert(
    property(integer({ min: 1, max: 5000 }), (capacity) => {
      let last = 0;
      for (let seatsLeft = capacity; seatsLeft >= 0; seatsLeft -= Math.max(1, Math.floor(capacity / 50))) {
        const now = order.indexOf(state({ capacity, seatsLeft }).state);
        expect(now).toBeGreaterThanOrEqual(last);
        last = now;
      }
    }),
  );
});
