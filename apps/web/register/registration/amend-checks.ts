import type { Person } from '@plenary/contracts';
import { type Answers, asksLatinName } from '../form/answers';
import { type Faults, personFaults } from '../form/checks';
import { needsText } from '../form/needs';

/** What is wrong with the details as they are edited. A mailbox that is known may change, not vanish: the link goes there. */
export function amendmentFaults(answers: Answers, before: Person): Faults {
  const faults = personFaults(answers, ['name', 'email', 'phone', 'organisation', 'jobTitle', 'country', 'needs']);
  if (asksLatinName(answers.name)) Object.assign(faults, personFaults(answers, ['latinName']));
  if (before.email && !answers.email.trim()) faults.email = 'needed';
  if (!before.needs && needsText(answers.needs) && !answers.needsConsent) faults.needsConsent = 'needed';
  return faults;
}
