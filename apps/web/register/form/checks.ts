import { type Person, person, submission } from '@plenary/contracts';
import type { z } from 'zod';
import { type Answers, asksLatinName, type PersonAnswers } from './answers';
import { needsText } from './needs';
import { type Step, steps } from './steps';

/** What is wrong with a field; the catalogue has words for each. */
export type Fault = 'needed' | 'too_long' | 'not_email' | 'not_allowed';
/** A field of the form by its path: `name`, `needs.other`, `answers.diet`. */
export type Faults = Record<string, Fault>;

interface Question {
  key: string;
  required: boolean;
}

/** What is wrong on a step; empty where one may go on. The schemas are those by which the server judges. */
export function faultsOf(step: Step, answers: Answers, questions: readonly Question[]): Faults {
  const faults: Faults = {};
  const note = (path: string, fault: Fault | undefined) => {
    if (fault) faults[path] = fault;
  };
  if (step === 'you') {
    Object.assign(faults, personFaults(answers, ['name', 'latinName', 'email', 'phone']));
    // A mailbox is what the link goes to; only a delegation or the desk registers without.
    if (!answers.email.trim()) note('email', 'needed');
    note('category', faultOf(submission.shape.category.min(1), answers.category));
  }
  if (step === 'organisation') {
    Object.assign(faults, personFaults(answers, ['organisation', 'jobTitle', 'country']));
    for (const { key, required } of questions) {
      const answer = answers.answers[key] ?? '';
      if (!answer.trim()) note(`answers.${key}`, required ? 'needed' : undefined);
      else note(`answers.${key}`, faultOf(submission.shape.answers.unwrap().valueType, answer));
    }
  }
  if (step === 'needs') Object.assign(faults, personFaults(answers, ['needs']));
  if (step === 'send') {
    note('privacy', faultOf(submission.shape.consent.shape.privacy, answers.privacy));
    if (needsText(answers.needs) && !answers.needsConsent) note('needsConsent', 'needed');
  }
  return faults;
}

/** Index of the first step on which something is wrong, else of the last one: later ones are not for this person yet. */
export function lastOpenStep(answers: Answers, questions: readonly Question[]): number {
  const faulty = steps.findIndex((step) => Object.keys(faultsOf(step, answers, questions)).length > 0);
  return faulty < 0 ? steps.length - 1 : faulty;
}

/** What is wrong with the fields of a person; fields left empty are left out, but a name there must be. */
export function personFaults(answers: PersonAnswers, fields: readonly (keyof Person)[]): Faults {
  const faults: Faults = {};
  for (const field of fields) {
    if (field === 'latinName' && !asksLatinName(answers.name)) continue;
    const value = field === 'needs' ? needsText(answers.needs) : answers[field];
    if (!value.trim() && field !== 'name') continue;
    const fault = faultOf(person.shape[field], field === 'email' ? value.trim() : value);
    if (fault) faults[field === 'needs' ? 'needs.other' : field] = fault;
  }
  return faults;
}

function faultOf(schema: z.ZodType, value: unknown): Fault | undefined {
  const issue = schema.safeParse(value).error?.issues[0];
  if (!issue) return undefined;
  if (issue.code === 'too_small' || value === '' || value === false) return 'needed';
  if (issue.code === 'too_big') return 'too_long';
  return issue.code === 'invalid_format' && issue.format === 'email' ? 'not_email' : 'not_allowed';
}
