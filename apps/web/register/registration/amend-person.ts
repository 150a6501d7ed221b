import type { Person } from '@plenary/contracts';
import { type PersonAnswers, personOf } from '../form/answers';
import type { Amendment } from './use-amend';

const FIELDS = ['latinName', 'organisation', 'jobTitle', 'country', 'phone'] as const;

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
