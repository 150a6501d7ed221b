import type { Locale, Person, Submission } from '@plenary/contracts';
import { hasHanzi } from '../../shell/local-text';
import { type Needs, needsText } from './needs';

/** What the form asks about a person, as the fields hold it: empty text where nothing is said. */
export interface PersonAnswers {
  name: string;
  latinName: string;
  email: string;
  phone: string;
  organisation: string;
  jobTitle: string;
  country: string;
  needs: Needs;
}

/** Everything that the form asks, except the sub-forums: those are chosen all over the programme. */
export interface Answers extends PersonAnswers {
  category: string;
  /** To the organiser's own questions, by their keys. */
  answers: Record<string, string>;
  privacy: boolean;
  /** Needs tell of health: whoever names some agrees separately to have them kept. */
  needsConsent: boolean;
}

export const nothingYet: Answers = {
  name: '',
  latinName: '',
  email: '',
  phone: '',
  category: '',
  organisation: '',
  jobTitle: '',
  country: '',
  needs: { wheelchair: false, signLanguage: false, other: '' },
  answers: {},
  privacy: false,
  needsConsent: false,
};

/** Whether to ask how the name is spelled in Latin letters: where it has hanzi. */
export const asksLatinName = hasHanzi;

/** The person as it is sent: what is empty is left out, and so is a Latin spelling that was not asked for. */
export function personOf(answers: PersonAnswers): Person {
  const said = (value: string) => value.trim() || undefined;
  const whole = {
    name: answers.name.trim(),
    latinName: asksLatinName(answers.name) ? said(answers.latinName) : undefined,
    email: said(answers.email),
    organisation: said(answers.organisation),
    jobTitle: said(answers.jobTitle),
    country: said(answers.country),
    phone: said(answers.phone),
    needs: said(needsText(answers.needs)),
  };
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)) as Person;
}

/** The submission as it is sent; answers only to the questions that are asked now. */
export function submissionOf(
  answers: Answers,
  chosen: readonly string[],
  questions: readonly { key: string }[],
  locale: Locale,
): Submission {
  const said = questions.flatMap(({ key }) => {
    const answer = answers.answers[key]?.trim();
    return answer ? [[key, answer]] : [];
  });
  return {
    person: personOf(answers),
    category: answers.category,
    locale,
    choices: chosen.map((subForumId) => ({ subForumId })),
    answers: Object.fromEntries(said),
    consent: { privacy: true },
  };
}
