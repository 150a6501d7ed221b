import type { ConferenceState, Submission } from '@plenary/contracts';
import { Problem } from '@plenary/platform';
import { overlap, overlapping, type Span } from '../choices/amendment.rules';
import { demandAnswers, demandOpen, type FormSettings } from '../form/form.rules';

/** Who registers this person: the person, the leader of a delegation, or staff. */
export type Origin = 'self' | 'leader' | 'desk';

/** Everything a submission is judged by. Refusals are 403, 409 and 422 problems; see each rule. */
export function judgeSubmission(
  submission: Submission,
  facts: {
    origin: Origin;
    conference: ConferenceState;
    form: FormSettings;
    subForums: ReadonlyMap<string, Span>;
    now: Date;
  },
): void {
  demandOpen(facts.conference, facts.form, facts.origin, facts.now);
  demandCategory(submission.category, facts.conference, facts.origin);
  if (facts.origin === 'self' && submission.person.email === undefined) {
    throw new Problem(422, 'email_missing', 'An e-mail address is needed to register. Add one.', {
      errors: [{ path: 'person.email', code: 'email_missing', message: 'needed' }],
    });
  }
  demandAnswers(facts.form, submission.answers);
  demandKnown(submission.choices, facts.subForums);
  demandNothingReplaced(submission.choices);
  demandApart(submission.choices, facts.subForums);
}

/** 422 `category_unknown`; 403 `category_not_public` where one may not take it for oneself. */
function demandCategory(key: string, conference: ConferenceState, origin: Origin): void {
  const category = conference.categories.find((one) => one.key === key);
  if (!category) {
    throw new Problem(422, 'category_unknown', 'This conference has no such category. Read its registration form.', {
      errors: [{ path: 'category', code: 'category_unknown', message: 'not a category of this conference' }],
    });
  }
  // A leader knows who of the delegation is a guest or a speaker; who passes every door is for the organiser to say.
  const mayGive = origin === 'desk' || category.public || (origin === 'leader' && category.admits === 'seat');
  if (!mayGive) {
    throw new Problem(403, 'category_not_public', 'This category is given by the organiser. Choose another one.');
  }
}

/** 422 `sub_forum_unknown` for choices that are not of this conference. */
export function demandKnown(choices: readonly { subForumId: string }[], subForums: ReadonlyMap<string, Span>): void {
  const errors = choices.flatMap(({ subForumId }, index) =>
    subForums.has(subForumId)
      ? []
      : [{ path: `choices.${index}.subForumId`, code: 'sub_forum_unknown', message: 'not in this conference' }],
  );
  if (errors.length === 0) return;
  throw new Problem(422, 'sub_forum_unknown', 'A chosen sub-forum is not part of this conference. Choose another.', {
    errors,
  });
}

function demandNothingReplaced(choices: Submission['choices']): void {
  const index = choices.findIndex((choice) => choice.replaces !== undefined);
  if (index < 0) return;
  const detail = 'A new registration has no confirmed seat to replace. Leave `replaces` out.';
  throw new Problem(422, 'replaces_not_confirmed', detail, {
    errors: [{ path: `choices.${index}.replaces`, code: 'replaces_not_confirmed', message: detail }],
  });
}

/** 422 `choices_overlap` for the first pair that shares any time. */
function demandApart(choices: Submission['choices'], subForums: ReadonlyMap<string, Span>): void {
  for (const [i, one] of choices.entries()) {
    for (const [j, other] of choices.entries()) {
      if (j <= i) continue;
      const [a, b] = [subForums.get(one.subForumId), subForums.get(other.subForumId)];
      if (a && b && overlap(a, b)) throw overlapping([i, one.subForumId, a], [j, other.subForumId, b]);
    }
  }
}
