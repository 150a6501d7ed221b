import { isBound, placesOf, standsAt } from './bindings';

const nothing = { venue: false, rooms: [], gateIds: [] };
const gates = new Map([
  ['a', { name: 'Main entrance' }],
  ['b', { name: 'Back door' }],
]);

describe('where a device stands', () => {
  it('is told in order, numbers as numbers, gates by name', () => {
    const bindings = { venue: true, rooms: ['Hall 10', 'Hall 9'], gateIds: ['a', 'gone', 'b'] };
    expect(placesOf(bindings, gates)).toEqual({
      venue: true,
      rooms: ['Hall 9', 'Hall 10'],
      gates: ['Back door', 'Main entrance'],
      lost: 1,
    });
  });

  it.each([
    [{ ...nothing, gateIds: ['g'] }, 'Hall', true],
    [{ ...nothing, rooms: ['Hall'] }, 'Hall', true],
    [{ ...nothing, rooms: ['Hall'] }, 'Foyer', false],
    [{ ...nothing, venue: true }, null, true],
    [{ ...nothing, venue: true }, 'Hall', false],
    [nothing, null, false],
  ])('%j at a gate of %s: %s', (bindings, room, expected) => {
    expect(standsAt(bindings, { id: 'g', name: 'G', subForumId: room && 's', room })).toBe(expected);
  });

  it('is nowhere until it is bound', () => {
    expect(isBound(nothing)).toBe(false);
    expect(isBound({ ...nothing, venue: true })).toBe(true);
  });
});
