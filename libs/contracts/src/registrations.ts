import { z } from 'zod';
import { id, instant, locale, page, pageQuery, prose, slug, text, version } from './common';
import { defineEvent } from './event';
import { defineRoute } from './route';
import { seatReason } from './seats';
import { answers, person, submission, wishedChoices } from './submission';
import { topics } from './topics';

/** Of a person what changes; null empties what may be left empty. */
const personChanges = person.partial().extend({
  latinName: person.shape.latinName.nullable(),
  organisation: person.shape.organisation.nullable(),
  jobTitle: person.shape.jobTitle.nullable(),
  country: person.shape.country.nullable(),
  phone: person.shape.phone.nullable(),
  needs: person.shape.needs.nullable(),
});

export const registrationStatus = z.enum(['pending', 'approved', 'declined', 'cancelled']);
export const choiceState = z.enum(['awaiting_approval', 'pending', 'confirmed', 'waitlisted', 'refused', 'released']);
export const choice = z.object({
  subForumId: id,
  state: choiceState,
  position: z.int().optional(),
  reason: seatReason.optional(),
  replaces: id.optional(),
});
export const badgeOfRegistration = z.object({
  state: z.enum(['none', 'valid', 'revoked']),
  revision: z.int().optional(),
  printedAt: instant.optional(),
});
export const registration = z.object({
  id,
  conferenceId: id,
  status: registrationStatus,
  person,
  category: z.string(),
  locale,
  delegationId: id.optional(),
  choices: z.array(choice),
  badge: badgeOfRegistration,
  createdAt: instant,
});
export type Registration = z.output<typeof registration>;

/** The delegate's own link token is told once, with the first answer, and on a repeat of the same request. */
const submitted = registration.extend({ delegateToken: z.string() });
const linkSent = z.object({ state: z.literal('link_sent') });

const formQuestion = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/),
  label: text(300),
  required: z.boolean(),
});
export const formSettings = z.strictObject({
  /** null: open at once. */
  opensAt: instant.nullable(),
  /** null: until the conference ends. */
  closesAt: instant.nullable(),
  approval: z.enum(['automatic', 'manual']),
  questions: z.array(formQuestion).max(50),
  privacy: text(20_000).nullable(),
});
export const registrationForm = formSettings.extend({
  conferenceId: id,
  open: z.boolean(),
  categories: z.array(z.object({ key: z.string(), name: text(80) })),
});

/** What other services need to know of a registration; phone, needs and answers stay at home. */
const registrationState = z.object({
  version,
  registrationId: id,
  conferenceId: id,
  status: registrationStatus,
  category: z.string(),
  locale,
  delegationId: id.nullable(),
  person: z.object({
    name: z.string(),
    latinName: z.string().nullable(),
    email: z.string().nullable(),
    organisation: z.string().nullable(),
    jobTitle: z.string().nullable(),
    country: z.string().nullable(),
  }),
  /** The wished sub-forums, in order. */
  subForumIds: z.array(id),
  /** Link tokens of a lower generation are dead. */
  linkGeneration: z.int().min(1),
  createdAt: instant,
  at: instant,
});
export type RegistrationState = z.output<typeof registrationState>;

const key = { topic: topics.registrations, key: byRegistration, subject: byRegistration } as const;
const told = { body: registrationState, ...key } as const;
export const registrationSubmitted = defineEvent({ type: 'registration.submitted.v1', ...told });
export const registrationApproved = defineEvent({ type: 'registration.approved.v1', ...told });
export const registrationDeclined = defineEvent({ type: 'registration.declined.v1', ...told });
export const registrationReset = defineEvent({ type: 'registration.reset.v1', ...told });
export const registrationAmended = defineEvent({ type: 'registration.amended.v1', ...told });
export const registrationCancelled = defineEvent({ type: 'registration.cancelled.v1', ...told });
export const registrationReinstated = defineEvent({ type: 'registration.reinstated.v1', ...told });
/** Somebody asked for the link to be sent to the registered mailbox. */
export const registrationLinkRequested = defineEvent({ type: 'registration.link-requested.v1', ...told });
export const registrationSnapshot = defineEvent({ type: 'registration.snapshot.v1', ...told });
/** A tombstone: stands above all versions. */
export const registrationErased = defineEvent({
  type: 'registration.erased.v1',
  body: z.object({ version, registrationId: id, conferenceId: id, at: instant }),
  ...key,
});

function byRegistration(body: { registrationId: string }): string {
  return body.registrationId;
}

const service = 'registration';
const conferenceParams = { slug };
const decide = (act: string, summary: string) =>
  defineRoute({
    id: `${act}Registration`,
    service,
    method: 'POST',
    path: `/registrations/{id}/${act}` as '/registrations/{id}/act',
    summary,
    who: ['organiser'],
    status: 200,
    body: z.strictObject({ reason: prose(500).optional() }),
    answer: registration,
  });

export const registrationRoutes = {
  getRegistrationForm: defineRoute({
    id: 'getRegistrationForm',
    service,
    method: 'GET',
    path: '/conferences/{slug}/registration-form',
    params: conferenceParams,
    summary: 'What is asked, and of whom.',
    who: ['anyone'],
    answer: registrationForm,
  }),
  putRegistrationForm: defineRoute({
    id: 'putRegistrationForm',
    service,
    method: 'PUT',
    path: '/conferences/{slug}/registration-form',
    params: conferenceParams,
    summary: 'Sets the form.',
    who: ['organiser'],
    ifMatch: true,
    body: formSettings,
    answer: registrationForm,
  }),
  submitRegistration: defineRoute({
    id: 'submitRegistration',
    service,
    method: 'POST',
    path: '/conferences/{slug}/registrations',
    params: conferenceParams,
    summary: 'Registers a person. 202 `link_sent` where the e-mail is already registered.',
    who: ['anyone', 'desk', 'leader'],
    idempotent: true,
    preferWait: true,
    limit: { max: 600, perSeconds: 60 },
    body: submission,
    answer: z.union([submitted, linkSent]),
  }),
  getOwnRegistration: defineRoute({
    id: 'getOwnRegistration',
    service,
    method: 'GET',
    path: '/registration',
    summary: 'Own registration.',
    who: ['delegate'],
    preferWait: true,
    answer: registration,
  }),
  amendRegistration: defineRoute({
    id: 'amendRegistration',
    service,
    method: 'PATCH',
    path: '/registration',
    summary: 'Amends: absent `choices` are unchanged; present, they are the whole wished list.',
    who: ['delegate'],
    ifMatch: true,
    preferWait: true,
    body: z.strictObject({
      person: personChanges.optional(),
      locale: locale.optional(),
      choices: wishedChoices.optional(),
      answers: answers.optional(),
    }),
    answer: registration,
  }),
  cancelOwnRegistration: defineRoute({
    id: 'cancelOwnRegistration',
    service,
    method: 'DELETE',
    path: '/registration',
    summary: 'Cancels; every seat is released.',
    who: ['delegate'],
    status: 200,
    answer: registration,
  }),
  watchOwnRegistration: defineRoute({
    id: 'watchOwnRegistration',
    service,
    method: 'GET',
    path: '/registration/events',
    summary: 'The registration each time it changes.',
    who: ['delegate'],
    produces: 'text/event-stream',
    answer: registration,
  }),
  getOwnCalendar: defineRoute({
    id: 'getOwnCalendar',
    service,
    method: 'GET',
    path: '/registration/calendar.ics',
    summary: 'Confirmed and waitlisted sub-forums for the own calendar (RFC 5545).',
    who: ['delegate'],
    produces: 'text/calendar; charset=utf-8',
  }),
  rotateLink: defineRoute({
    id: 'rotateLink',
    service,
    method: 'POST',
    path: '/registration/link/rotate',
    summary: 'Raises the link generation: older links die. Desk and organiser name the registration.',
    who: ['delegate', 'desk'],
    status: 200,
    body: z.strictObject({ registrationId: id.optional() }).optional(),
    answer: z.object({ delegateToken: z.string() }),
  }),
  listRegistrations: defineRoute({
    id: 'listRegistrations',
    service,
    method: 'GET',
    path: '/conferences/{slug}/registrations',
    params: conferenceParams,
    summary: 'Registrations; desk: with `q`, at most 20 rows.',
    who: ['organiser', 'desk'],
    query: z.strictObject({
      ...pageQuery,
      q: z.string().trim().min(1).max(200).optional(),
      status: registrationStatus.optional(),
      category: z.string().max(32).optional(),
      delegation: id.optional(),
      subForum: id.optional(),
      seat: choiceState.optional(),
    }),
    answer: page(registration),
  }),
  registrationCounts: defineRoute({
    id: 'registrationCounts',
    service,
    method: 'GET',
    path: '/conferences/{slug}/registration-counts',
    params: conferenceParams,
    summary: 'How many registrations there are, by status.',
    who: ['organiser', 'desk'],
    answer: z.object({
      total: z.int(),
      byStatus: z.object({ pending: z.int(), approved: z.int(), declined: z.int(), cancelled: z.int() }),
      /** Registrations that wait for at least one seat. */
      waitlisted: z.int(),
    }),
  }),
  getRegistration: defineRoute({
    id: 'getRegistration',
    service,
    method: 'GET',
    path: '/registrations/{id}',
    summary: 'One registration.',
    who: ['organiser', 'desk'],
    preferWait: true,
    answer: registration,
  }),
  approveRegistration: decide('approve', 'pending or declined -> approved; seats are asked for now.'),
  declineRegistration: decide('decline', 'pending or approved -> declined; seats are released.'),
  resetRegistration: decide('reset', 'approved or declined -> pending.'),
  cancelRegistration: decide('cancel', 'pending or approved -> cancelled; seats are released.'),
  reinstateRegistration: decide('reinstate', 'cancelled -> its state before; choices join the tail of the queue.'),
};
