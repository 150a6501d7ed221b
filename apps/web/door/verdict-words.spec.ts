import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusal, type Verdict, verdictDetail } from '@plenary/contracts';
import { type Outcome, type Sayings, type Undecided, verdictWords } from './verdict-words';

const say: Sayings = {
  time: (instant) => instant.slice(11, 16),
  text: (text) => text.en ?? '',
  category: (key) => `<${key}>`,
};
const verdict = (more: Partial<Verdict>): Outcome => ({
  is: 'verdict',
  verdict: {
    scanId: '019a0000-0000-7000-8000-000000000001',
    verdict: 'refused',
    replay: false,
    method: 'token',
    delegate: { name: '欧阳明慧', category: 'press' },
    room: { inside: 212, cap: 280 },
    decidedAt: '2026-05-21T08:00:00.000Z',
    ...more,
  },
});
const words = (more: Partial<Verdict>) => verdictWords(verdict(more), say);
const at = '2026-05-21T09:30:00.000Z';

/** The same words in both catalogues. */
const catalogues = ['en', 'zh-CN'].map(
  (language) =>
    JSON.parse(readFileSync(join(__dirname, '../i18n', language, 'door.json'), 'utf8')) as Record<
      'word' | 'headline' | 'box',
      Record<string, string>
    >,
);
/** What a message needs, `{like}` this. */
const needs = (message: string): string[] => [...message.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name as string);

/** Every reason of the contract: one that is added there does not compile here until somebody says what it means. */
const table: Record<NonNullable<Verdict['reason']>, [Partial<Verdict>, object]> = {
  invalid_badge: [{}, { class: 'stop', headline: 'invalid_badge', box: 'to_desk' }],
  wrong_conference: [{}, { class: 'stop', headline: 'wrong_conference', box: 'todays_badge' }],
  unknown_badge: [{}, { class: 'stop', headline: 'unknown_badge', box: 'to_desk' }],
  superseded: [{ since: at }, { class: 'stop', headline: 'superseded', box: 'new_badge' }],
  revoked: [{ since: at }, { class: 'stop', headline: 'revoked_at', box: 'to_desk', args: { time: '09:30' } }],
  cancelled: [{}, { class: 'stop', headline: 'cancelled', box: 'to_desk' }],
  not_approved: [{ status: 'pending' }, { class: 'stop', headline: 'not_approved', box: 'to_desk' }],
  gate_closed: [{}, { class: 'hold', headline: 'gate_closed', box: 'other_door' }],
  too_early: [{ opensAt: at }, { class: 'hold', headline: 'too_early_at', box: 'wait_until', args: { time: '09:30' } }],
  too_late: [{}, { class: 'hold', headline: 'too_late', box: 'other_door' }],
  category: [{}, { class: 'hold', headline: 'category', box: 'programme', args: { category: '<press>' } }],
  waitlisted: [
    { position: 3, walkInPlaces: 2 },
    { class: 'hold', headline: 'waitlisted_at', box: 'walk_ins', args: { n: 3 } },
  ],
  no_seat: [
    { seatElsewhere: { subForumId: at, title: { en: 'Ports' }, room: '2F 210', startsAt: at } },
    { class: 'hold', headline: 'no_seat', box: 'seat_elsewhere', args: { room: '2F 210' } },
  ],
  already_inside: [
    { first: { at, gate: 'North' } },
    { class: 'hold', headline: 'already_inside_since', box: 'check_id', args: { time: '09:30', gate: 'North' } },
  ],
  already_admitted: [
    { first: { at, gate: 'North' } },
    { class: 'hold', headline: 'already_admitted_at', box: 'check_id', args: { time: '09:30', gate: 'North' } },
  ],
  room_full: [{}, { class: 'hold', headline: 'room_full', box: 'wait_for_exit', args: { n: 212, cap: 280 } }],
};

describe('the words of a verdict', () => {
  it.each(refusal.options)('refused, %s', (reason) => {
    const [more, expected] = table[reason];
    expect(words({ reason, ...more })).toMatchObject(expected);
  });

  it('every verdict has words in both languages, and all that they need', () => {
    const outcomes: Outcome[] = [
      ...refusal.options.flatMap((reason) => [verdict({ reason }), verdict({ reason, ...table[reason][0] })]),
      ...(['pending', 'declined', 'approved'] as const).map((status) => verdict({ reason: 'not_approved', status })),
      verdict({ reason: 'no_seat', since: at }),
      ...verdictDetail.options.flatMap((detail) => [
        verdict({ verdict: 'admitted', detail }),
        verdict({ verdict: 'exited', detail }),
      ]),
      { is: 'not_ours' },
      ...(['no_answer', 'busy', 'gate_not_bound', 'gate_gone', 'clock', 'refused'] satisfies Undecided[]).map(
        (why): Outcome => ({ is: 'undecided', why }),
      ),
    ];
    for (const outcome of outcomes) {
      const { class: verdictClass, headline, box, args } = verdictWords(outcome, say);
      for (const { word, headline: headlines, box: boxes } of catalogues) {
        const messages = [word[verdictClass], headlines[headline], ...(box ? [boxes[box]] : [])];
        for (const message of messages) {
          expect([outcome, message]).toEqual([outcome, expect.any(String)]);
          expect(Object.keys(args)).toEqual(expect.arrayContaining(needs(message as string)));
        }
      }
    }
  });

  it.each([
    ['first', 'first'],
    ['re_entry', 're_entry'],
    ['walk_in', 'walk_in'],
    ['pass', 'pass'],
    ['override', 'override'],
  ] as const)('admitted, %s', (detail, headline) => {
    expect(words({ verdict: 'admitted', detail })).toEqual({ class: 'in', headline, args: {} });
  });

  it('exited; one who was not seen to come in is told', () => {
    expect(words({ verdict: 'exited', detail: 'normal' })).toEqual({ class: 'out', headline: 'exited', args: {} });
    expect(words({ verdict: 'exited', detail: 'not_inside' })).toMatchObject({ class: 'out', box: 'not_inside' });
  });

  it('tells why a registration is not good', () => {
    expect(words({ reason: 'not_approved', status: 'declined' }).headline).toBe('declined');
    expect(words({ reason: 'not_approved', status: 'approved' }).headline).toBe('no_badge');
  });

  it('promises a walk-in place only where there are walk-ins, and names the seat elsewhere first', () => {
    expect(words({ reason: 'no_seat' }).box).toBe('to_desk');
    expect(words({ reason: 'no_seat', walkInPlaces: 0 }).box).toBe('walk_ins');
    expect(words({ reason: 'no_seat', since: at, walkInPlaces: 1 })).toMatchObject({
      headline: 'released_at',
      args: { time: '09:30' },
    });
    const seatElsewhere = { subForumId: at, title: { en: 'Ports' }, room: '', startsAt: at };
    expect(words({ reason: 'waitlisted', position: 1, walkInPlaces: 1, seatElsewhere })).toMatchObject({
      box: 'seat_elsewhere',
      args: { n: 1, room: 'Ports' },
    });
  });

  it('a code of others is STOP; what nobody decided is neither in nor out', () => {
    expect(verdictWords({ is: 'not_ours' }, say)).toMatchObject({ class: 'stop', box: 'todays_badge' });
    expect(verdictWords({ is: 'undecided', why: 'no_answer' }, say)).toMatchObject({ class: 'none', box: 'try_again' });
  });
});
