import type { Gate, SubForumCard } from '@plenary/contracts';
import { hoursOf } from './gate-hours';

const at = (time: string) => Date.parse(`2026-05-21T${time}:00Z`);
const subForum = (id: string, room: string, from: string, to: string, state = 'scheduled') =>
  [id, { id, room, state, startsAt: new Date(at(from)).toISOString(), endsAt: new Date(at(to)).toISOString() }] as [
    string,
    SubForumCard,
  ];
const gate = (id: string, subForumId: string | null) =>
  ({ id, subForumId, opensBeforeMinutes: 30, closesAfterMinutes: 5 }) as Gate;

describe('when a gate lets people in', () => {
  const programme = new Map([
    subForum('morning', 'A', '09:00', '11:45'),
    subForum('noon', 'A', '12:00', '13:00'),
    subForum('elsewhere', 'B', '12:00', '13:00'),
    subForum('off', 'B', '11:00', '11:50', 'cancelled'),
  ]);

  it('is from half an hour before the start, but not before the room is free, and a cancelled sub-forum takes no room', () => {
    const hours = hoursOf([gate('1', 'morning'), gate('2', 'noon'), gate('3', 'elsewhere')], programme);
    expect(hours.get('1')).toEqual({ opensAt: at('08:30'), closesAt: at('11:50') });
    expect(hours.get('2')).toEqual({ opensAt: at('11:45'), closesAt: at('13:05') });
    expect(hours.get('3')).toEqual({ opensAt: at('11:30'), closesAt: at('13:05') });
  });

  it('is not known of a gate of the venue, nor before the programme is there', () => {
    expect(hoursOf([gate('1', null), gate('2', 'noon')], new Map()).size).toBe(0);
  });
});
