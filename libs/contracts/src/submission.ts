import { z } from 'zod';
import { id, line, locale, prose } from './common';

/** What a person fills in: by itself, so that a form in the browser loads these schemas and no others. */

export const person = z.strictObject({
  /** As people write it, in any script. */
  name: line(200),
  /** Latin spelling of a name written in hanzi. */
  latinName: line(200).optional(),
  email: z.email().max(254).optional(),
  organisation: line(200).optional(),
  jobTitle: line(200).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  phone: line(40).optional(),
  /** Dietary and access needs: never leaves the registration service. */
  needs: prose(1000).optional(),
});
export type Person = z.output<typeof person>;

export const wishedChoices = z
  .array(z.strictObject({ subForumId: id, replaces: id.optional() }))
  .max(40)
  .refine((choices) => new Set(choices.map((one) => one.subForumId)).size === choices.length, {
    message: 'a sub-forum is named twice',
  });
export const answers = z.record(z.string().max(64), prose(2000)).refine((value) => Object.keys(value).length <= 50);

export const submission = z.strictObject({
  person,
  category: z.string().max(32),
  locale,
  choices: wishedChoices.default([]),
  answers: answers.default({}),
  consent: z.strictObject({ privacy: z.literal(true) }),
});
export type Submission = z.output<typeof submission>;
