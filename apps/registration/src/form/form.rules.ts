import { type ConferenceState, type formSettings, startOfDay } from '@plenary/contracts';
import { Problem } from '@plenary/platform';
import type { z } from 'zod';

export type FormSettings = z.output<typeof formSettings>;

/** Open at once, approved at once, nothing asked. */
export const defaultForm: FormSettings = {
  opensAt: null,
  closesAt: null,
  approval: 'automatic',
  questions: [],
  privacy: null,
};

/** When the last day of the conference ends. */
function endOf(conference: ConferenceState): Date {
  return new Date(startOfDay(conference.endsOn, conference.timeZone, 1));
}

/** Archived, or past its last day. */
export function isOver(conference: ConferenceState, now: Date): boolean {
  return conference.state === 'archived' || now >= endOf(conference);
}

/** May people register now? */
export function isOpen(conference: ConferenceState, form: FormSettings, now: Date): boolean {
  const begun = form.opensAt === null || now >= new Date(form.opensAt);
  const ended = form.closesAt !== null && now >= new Date(form.closesAt);
  return conference.state === 'published' && begun && !ended && !isOver(conference, now);
}

/**
 * 409 `registration_closed` outside the form's window. Staff register on the spot, also outside the window, until the
 * conference is over. A draft is not there for others: 404.
 */
export function demandOpen(
  conference: ConferenceState,
  form: FormSettings,
  origin: 'self' | 'leader' | 'desk',
  now: Date,
): void {
  if (conference.state === 'draft' && origin !== 'desk') throw Problem.notFound('conference');
  if (origin === 'desk' ? !isOver(conference, now) : isOpen(conference, form, now)) return;
  const closesAt = form.closesAt ?? endOf(conference).toISOString();
  const window = form.opensAt === null ? `until ${closesAt}` : `from ${form.opensAt} until ${closesAt}`;
  throw new Problem(409, 'registration_closed', `Registration is closed: it is open ${window}. Ask the organiser.`);
}

/** 422 `answer_missing` for each required question without an answer, `question_unknown` for answers to no question. */
export function demandAnswers(form: FormSettings, answers: Record<string, string>): void {
  const asked = new Set(form.questions.map((question) => question.key));
  const unknown = Object.keys(answers).filter((key) => !asked.has(key));
  const missing = form.questions.filter((question) => question.required && !answers[question.key]?.trim());
  if (unknown.length > 0) {
    throw refusal('question_unknown', 'An answer belongs to no question of the form. Read the form again.', unknown);
  }
  if (missing.length > 0) {
    const keys = missing.map((question) => question.key);
    throw refusal('answer_missing', 'A required question is not answered. Answer it.', keys);
  }
}

function refusal(code: string, detail: string, keys: string[]): Problem {
  const errors = keys.map((key) => ({ path: `answers.${key}`, code, message: detail }));
  return new Problem(422, code, detail, { errors });
}
