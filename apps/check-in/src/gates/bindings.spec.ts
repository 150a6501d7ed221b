import { type Binding, wasBound } from './bindings';

const noon = Date.parse('2026-05-21T12:00:00+08:00');
const from = (minutes: number, where: Partial<Binding>): Binding => ({
  ...{ deviceId: 'd', since: new Date(noon + minutes * 60_000), venue: false, rooms: [], gateIds: [] },
  ...where,
});
const hallA = { gateId: 'a', subForumId: 's', room: 'Hall A' };
const venue = { gateId: 'v', subForumId: null, room: null };

describe('was a device bound to a gate', () => {
  const history = [from(-300, { rooms: ['Hall A'] }), from(0, { venue: true, gateIds: ['x'] })];
  it.each([
    ['its room, before it was rebound', hallA, -60, true],
    ['its room, before it was ever enrolled: its clock was late', hallA, -600, true],
    ['its room, after it was rebound', hallA, 0, false],
    ['the venue, after', venue, 5, true],
    ['the venue, long before', venue, -60, false],
    ['the venue, a minute before: clocks are this exact', venue, -1, true],
    ['a single gate', { gateId: 'x', subForumId: 's', room: 'Hall B' }, 1, true],
  ])('%s', (_, gate, minutes, expected) => {
    expect(wasBound(history, gate, noon + minutes * 60_000)).toBe(expected);
  });
  it('never, without any binding', () => expect(wasBound([], venue, noon)).toBe(false));
});
