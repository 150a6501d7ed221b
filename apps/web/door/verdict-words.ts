import type { Text, Verdict } from '@plenary/contracts';
import type { VerdictClass } from '../ui/verdict';

/** What became of one badge held out to the door. */
export type Outcome =
  | { is: 'verdict'; verdict: Verdict }
  /** A code that is no badge's, seen without asking anybody. */
  | { is: 'not_ours' }
  /** Nobody decided: no answer came, or the server would not take the scan. */
  | { is: 'undecided'; why: Undecided };
export type Undecided = 'no_answer' | 'busy' | 'gate_not_bound' | 'gate_gone' | 'clock' | 'refused';

type Detail = NonNullable<Verdict['detail']>;
type Reason = NonNullable<Verdict['reason']>;

export type Headline =
  | 'first'
  | 're_entry'
  | 'walk_in'
  | 'pass'
  | 'override'
  | 'exited'
  | 'not_ours'
  | 'invalid_badge'
  | 'unknown_badge'
  | 'wrong_conference'
  | 'superseded'
  | 'revoked'
  | 'revoked_at'
  | 'cancelled'
  | 'not_approved'
  | 'declined'
  | 'no_badge'
  | 'gate_closed'
  | 'too_early'
  | 'too_early_at'
  | 'too_late'
  | 'category'
  | 'waitlisted'
  | 'waitlisted_at'
  | 'no_seat'
  | 'released_at'
  | 'already_inside'
  | 'already_inside_since'
  | 'already_admitted'
  | 'already_admitted_at'
  | 'room_full'
  | 'no_answer'
  | 'busy'
  | 'gate_not_bound'
  | 'gate_gone'
  | 'clock'
  | 'refused';
export type Box =
  | 'not_inside'
  | 'to_desk'
  | 'todays_badge'
  | 'new_badge'
  | 'wait'
  | 'wait_until'
  | 'other_door'
  | 'programme'
  | 'walk_ins'
  | 'seat_elsewhere'
  | 'check_id'
  | 'wait_for_exit'
  | 'try_again'
  | 'other_gate'
  | 'set_clock';

/** What is filled into the words: made readable by the screen, in its language and the venue's time. */
export interface WordArgs {
  time?: string;
  gate?: string;
  category?: string;
  n?: number;
  cap?: number;
  room?: string;
}
export interface VerdictWords {
  class: VerdictClass;
  headline: Headline;
  /** What to do next; none where the person just walks on. */
  box?: Box;
  args: WordArgs;
}
/** How instants, texts and category keys are said. */
export interface Sayings {
  time(instant: string): string;
  text(text: Text): string;
  category(key: string): string;
}

/** Class, headline and next step of an outcome: the table of the door, in one place. */
export function verdictWords(outcome: Outcome, say: Sayings): VerdictWords {
  if (outcome.is === 'not_ours') return { class: 'stop', headline: 'not_ours', box: 'todays_badge', args: {} };
  if (outcome.is === 'undecided')
    return { class: 'none', headline: outcome.why, box: undecided[outcome.why], args: {} };
  const { verdict } = outcome;
  if (verdict.verdict === 'admitted') return { class: 'in', headline: admitted[verdict.detail ?? 'first'], args: {} };
  if (verdict.verdict === 'exited') {
    const unseen = verdict.detail === 'not_inside';
    return { class: 'out', headline: 'exited', ...(unseen ? { box: 'not_inside' } : {}), args: {} };
  }
  return refused[verdict.reason ?? 'invalid_badge'](verdict, say);
}

const undecided: Record<Undecided, Box> = {
  no_answer: 'try_again',
  busy: 'try_again',
  gate_not_bound: 'other_gate',
  gate_gone: 'other_gate',
  clock: 'set_clock',
  refused: 'to_desk',
};

const admitted: Record<Detail, Headline> = {
  first: 'first',
  re_entry: 're_entry',
  walk_in: 'walk_in',
  pass: 'pass',
  override: 'override',
  // Not of an admission; said as a plain one if a server ever did.
  normal: 'first',
  not_inside: 'first',
};

const stop = (headline: Headline, box: Box, args: WordArgs = {}): VerdictWords => ({
  class: 'stop',
  headline,
  box,
  args,
});
const hold = (headline: Headline, box: Box, args: WordArgs = {}): VerdictWords => ({
  class: 'hold',
  headline,
  box,
  args,
});

/** STOP: the badge or the registration is not good (rules 1 to 5). HOLD: a guest, at the wrong place or time (6 to 10). */
const refused: Record<Reason, (verdict: Verdict, say: Sayings) => VerdictWords> = {
  invalid_badge: () => stop('invalid_badge', 'to_desk'),
  wrong_conference: () => stop('wrong_conference', 'todays_badge'),
  unknown_badge: () => stop('unknown_badge', 'to_desk'),
  superseded: () => stop('superseded', 'new_badge'),
  revoked: ({ since }, say) =>
    since ? stop('revoked_at', 'to_desk', { time: say.time(since) }) : stop('revoked', 'to_desk'),
  cancelled: () => stop('cancelled', 'to_desk'),
  not_approved: ({ status }) =>
    // By name: approved, but no badge has been made yet.
    stop(status === 'declined' ? 'declined' : status === 'approved' ? 'no_badge' : 'not_approved', 'to_desk'),
  gate_closed: () => hold('gate_closed', 'other_door'),
  too_early: ({ opensAt }, say) => {
    if (!opensAt) return hold('too_early', 'wait');
    const time = say.time(opensAt);
    return hold('too_early_at', 'wait_until', { time });
  },
  too_late: () => hold('too_late', 'other_door'),
  category: ({ delegate }, say) => hold('category', 'programme', { category: say.category(delegate?.category ?? '') }),
  waitlisted: (verdict, say) => {
    const { position } = verdict;
    return position === undefined
      ? withoutSeat('waitlisted', {}, verdict, say)
      : withoutSeat('waitlisted_at', { n: position }, verdict, say);
  },
  no_seat: (verdict, say) =>
    verdict.since
      ? withoutSeat('released_at', { time: say.time(verdict.since) }, verdict, say)
      : withoutSeat('no_seat', {}, verdict, say),
  already_inside: ({ first }, say) =>
    first
      ? hold('already_inside_since', 'check_id', { time: say.time(first.at), gate: first.gate })
      : hold('already_inside', 'check_id'),
  already_admitted: ({ first }, say) =>
    first
      ? hold('already_admitted_at', 'check_id', { time: say.time(first.at), gate: first.gate })
      : hold('already_admitted', 'check_id'),
  room_full: ({ room }) => hold('room_full', 'wait_for_exit', { n: room.inside, cap: room.cap ?? room.inside }),
};

/** The seat in another room first, then the chance here; a door without walk-ins promises none. */
function withoutSeat(headline: Headline, args: WordArgs, verdict: Verdict, say: Sayings): VerdictWords {
  const { seatElsewhere, walkInPlaces } = verdict;
  if (seatElsewhere)
    return hold(headline, 'seat_elsewhere', { ...args, room: seatElsewhere.room || say.text(seatElsewhere.title) });
  return hold(headline, walkInPlaces === undefined ? 'to_desk' : 'walk_ins', args);
}
