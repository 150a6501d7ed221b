import type { SeatState } from '@plenary/contracts';
import { again, ask, type Choice, newChoice, release, settle } from './choice';

const asker = {
  id: '00000000-0000-7000-8000-000000000001',
  conferenceId: '00000000-0000-7000-8000-000000000002',
  category: 'delegate',
};
const [A, B] = ['00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b'] as const;
const now = new Date('2030-01-01T09:00:00Z');

function asked(subForumId: string): Choice {
  const choice = newChoice(asker.id, subForumId);
  ask(choice, asker, now);
  return choice;
}
function outcome(choice: Choice, state: SeatState['state'], more: Partial<SeatState> = {}): SeatState {
  return {
    version: choice.seatVersion + 1,
    requestId: choice.requestId as string,
    registrationId: choice.registrationId,
    subForumId: choice.subForumId,
    conferenceId: asker.conferenceId,
    state,
    position: null,
    place: state === 'waitlisted' ? 7 : null,
    reason: null,
    promoted: false,
    outOfTurn: false,
    at: now.toISOString(),
    ...more,
  };
}
const mapOf = (...choices: Choice[]) => new Map(choices.map((choice) => [choice.subForumId, choice]));

describe('asking and giving up', () => {
  it('raises the version by one with each message and keeps the name of the wish', () => {
    const choice = newChoice(asker.id, A);
    const first = ask(choice, asker, now).body;
    const second = again(choice, asker, new Date(now.getTime() + 30_000)).body;
    const [third] = release(choice, asker, 'withdrawn', now);
    const fourth = ask(choice, asker, now).body;
    expect([first, second, third?.body, fourth].map((body) => body?.version)).toEqual([1, 2, 3, 4]);
    expect(second.requestId).toBe(first.requestId);
    expect(third?.body).toMatchObject({ requestId: first.requestId, reason: 'withdrawn' });
    expect(fourth.requestId).not.toBe(first.requestId);
  });

  it('asks again at growing intervals, ten minutes at most', () => {
    const choice = asked(A);
    const waits: number[] = [];
    for (let n = 0; n < 8; n++) {
      const due = choice.resendAt as Date;
      again(choice, asker, due);
      waits.push(((choice.resendAt as Date).getTime() - due.getTime()) / 1000);
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 600, 600, 600]);
  });

  it('sends nothing for what was never asked', () => {
    const choice = newChoice(asker.id, A);
    expect(release(choice, asker, 'registration_cancelled', now)).toEqual([]);
    expect(choice).toMatchObject({ state: 'released', queueVersion: 0 });
  });
});

describe('settle', () => {
  it('takes the outcome, then what happens to the same request later', () => {
    const choice = asked(A);
    const choices = mapOf(choice);
    settle(choices, outcome(choice, 'waitlisted'));
    expect(choice).toMatchObject({ state: 'waitlisted', place: 7, resendAt: null });
    settle(choices, outcome(choice, 'confirmed', { promoted: true }));
    expect(choice).toMatchObject({ state: 'confirmed', place: null });
    settle(choices, outcome(choice, 'released', { reason: 'no_show' }));
    expect(choice).toMatchObject({ state: 'released', reason: 'no_show' });
  });

  it('ignores outcomes of a superseded request, older versions and strangers', () => {
    const choice = asked(A);
    const old = outcome(choice, 'confirmed');
    release(choice, asker, 'withdrawn', now);
    ask(choice, asker, now);
    expect(settle(mapOf(choice), old).changed).toEqual([]);
    expect(choice.state).toBe('pending');
    settle(mapOf(choice), outcome(choice, 'confirmed', { version: 5 }));
    expect(settle(mapOf(choice), outcome(choice, 'waitlisted', { version: 4 })).changed).toEqual([]);
    expect(choice.state).toBe('confirmed');
    expect(settle(new Map(), old).changed).toEqual([]);
  });

  it('leaves given up what was confirmed on the way', () => {
    const choice = asked(A);
    release(choice, asker, 'withdrawn', now);
    settle(mapOf(choice), outcome(choice, 'confirmed'));
    expect(choice).toMatchObject({ state: 'released', reason: 'withdrawn' });
    expect(choice.resendAt).not.toBeNull();
    settle(mapOf(choice), outcome(choice, 'released', { reason: 'withdrawn' }));
    expect(choice).toMatchObject({ state: 'released', reason: 'withdrawn', resendAt: null });
  });

  it('names the old seat once the new one is confirmed, not while it waits', () => {
    const [old, wish] = [asked(A), asked(B)];
    const choices = mapOf(old, wish);
    settle(choices, outcome(old, 'confirmed'));
    wish.replaces = A;
    expect(settle(choices, outcome(wish, 'waitlisted')).swapped).toBeUndefined();
    expect(settle(choices, outcome(wish, 'confirmed')).swapped).toBe(old);
    expect(wish.replaces).toBeNull();
  });

  it('keeps the old seat when the new one is refused, and the wish when the old seat is lost', () => {
    const [old, wish] = [asked(A), asked(B)];
    const choices = mapOf(old, wish);
    settle(choices, outcome(old, 'confirmed'));
    wish.replaces = A;
    settle(choices, outcome(wish, 'waitlisted'));
    settle(choices, outcome(old, 'released', { reason: 'sub_forum_cancelled' }));
    expect(wish).toMatchObject({ state: 'waitlisted', replaces: null });

    const [kept, refused] = [asked(A), asked(B)];
    settle(mapOf(kept, refused), outcome(kept, 'confirmed'));
    refused.replaces = A;
    settle(mapOf(kept, refused), outcome(refused, 'refused', { reason: 'closed' }));
    expect(kept.state).toBe('confirmed');
    expect(refused).toMatchObject({ state: 'refused', reason: 'closed', replaces: null });
  });
});
