import type { Person } from '@plenary/contracts';
import { type Answers, asksLatinName, type PersonAnswers, personOf } from '../form/answers';
import { type Faults, personFaults } from '../form/checks';
import { needsText } from '../form/needs';
import type { Amendment } from './use-amend';

const FIELDS = ['latinName', 'organisation', 'jobTitle', 'country', 'phone'] as const;

/** What is wrong with the details as they are edited. A mailbox that is known may change, not vanish: the link goes there. */
export function amendmentFaults(answers: Answers, before: Person): Faults {
  const faults = personFaults(answers, ['name', 'email', 'phone', 'organisation', 'jobTitle', 'country', 'needs']);
  if (asksLatinName(answers.name)) Object.assign(faults, personFaults(answers, ['latinName']));
  if (before.email && !answers.email.trim()) faults.email = 'needed';
  if (!before.needs && needsText(answers.needs) && !answers.needsConsent) faults.needsConsent = 'needed';
  return faults;
}

/** What has changed, and nothing else; null is what has been emptied. */
export function amendmentOf(answers: PersonAnswers, before: Person): NonNullable<Amendment['person']> {
  const after = personOf(answers);
  const changes: NonNullable<Amendment['person']> = {};
  if (after.name !== before.name) changes.name = after.name;
  if (after.email && after.email !== before.email) changes.email = after.email;
  for (const field of FIELDS) if (after[field] !== before[field]) changes[field] = after[field] ?? null;
  if ((after.needs ?? '') !== (before.needs ?? '')) changes.needs = after.needs ?? null;
  return changes;
}
