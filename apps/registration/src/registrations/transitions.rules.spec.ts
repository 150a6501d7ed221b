import fc from 'fast-check';
import type { Status } from './registration';
import { type Act, type Standing, transition } from './transitions.rules';

const acts: Act[] = ['approve', 'decline', 'reset', 'cancel', 'reinstate'];
const standing = (status: Status, statusBefore: Standing['statusBefore'] = null): Standing => ({
  status,
  statusBefore,
});

describe('transition', () => {
  it.each([
    ['approve', 'pending', 'approved'],
    ['approve', 'declined', 'approved'],
    ['decline', 'pending', 'declined'],
    ['decline', 'approved', 'declined'],
    ['reset', 'approved', 'pending'],
    ['reset', 'declined', 'pending'],
    ['cancel', 'pending', 'cancelled'],
    ['cancel', 'approved', 'cancelled'],
  ] as const)('%s leads from %s to %s', (act, from, to) => {
    expect(transition(act, standing(from)).status).toBe(to);
  });

  it.each([
    ['approve', 'approved'],
    ['approve', 'cancelled'],
    ['decline', 'declined'],
    ['decline', 'cancelled'],
    ['reset', 'pending'],
    ['reset', 'cancelled'],
    ['cancel', 'declined'],
    ['cancel', 'cancelled'],
    ['reinstate', 'pending'],
    ['reinstate', 'approved'],
    ['reinstate', 'declined'],
  ] as const)('refuses %s of a %s one', (act, from) => {
    expect(() => transition(act, standing(from))).toThrow(
      expect.objectContaining({ status: 409, code: 'transition_not_allowed' }),
    );
  });

  it('undoes a cancellation, whatever came before, and remembers a state exactly while cancelled', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...acts), { maxLength: 30 }), (sequence) => {
        let now = standing('pending');
        for (const act of sequence) {
          let next: Standing;
          try {
            next = transition(act, now);
          } catch {
            continue;
          }
          if (act === 'cancel') expect(transition('reinstate', next)).toEqual(now);
          expect(next.statusBefore !== null).toBe(next.status === 'cancelled');
          now = next;
        }
      }),
    );
  });
});
