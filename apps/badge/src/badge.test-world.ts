import { randomBytes, randomUUID } from 'node:crypto';
import {
  type BodyOf,
  conferenceAnnounced,
  type EventDefinition,
  type RegistrationState,
  registrationApproved,
  registrationErased,
} from '@plenary/contracts';
import type { Database, Received } from '@plenary/messaging';
import { type Caller, Changes, newId } from '@plenary/platform';
import { type TestDatabase, testDatabase } from '@plenary/testing';
import { Badges } from './badges/badges.service';
import { Issuing } from './badges/issuing';
import { Keys } from './keys/keys.service';
import { Sealing } from './keys/sealing';
import { ConferencesHandler } from './known/conferences.handler';
import { KnownConferences } from './known/known-conferences';
import { KnownLinks } from './known/known-links';
import { RegistrationsHandler } from './known/registrations.handler';
import { Revocations } from './revocations/revocations.service';

export type RegistrationEvent = Parameters<RegistrationsHandler['heard']>[0][number];
export type ConferenceEvent = Parameters<ConferencesHandler['heard']>[0];

/** The service's parts over a database of their own, for integration tests; events are handed to the handlers directly. */
export class BadgeWorld {
  readonly database: Database;
  /** Of the service's own role. */
  readonly url: string;
  readonly badgeKey = randomBytes(32);
  readonly changes: Changes;
  readonly keys: Keys;
  readonly badges: Badges;
  readonly links: KnownLinks;
  readonly revocations: Revocations;
  private readonly conferences: ConferencesHandler;
  private readonly registrations: RegistrationsHandler;

  private constructor(private readonly own: TestDatabase) {
    this.database = own.database;
    this.url = own.url;
    this.changes = new Changes(this.database);
    this.keys = new Keys(this.database, new Sealing(this.badgeKey));
    const issuing = new Issuing(this.keys, this.changes);
    this.badges = new Badges(this.database, this.changes, this.keys);
    this.links = new KnownLinks(this.database, this.changes);
    this.revocations = new Revocations(this.database, new KnownConferences(this.database, this.changes), this.keys);
    this.conferences = new ConferencesHandler(this.changes, this.keys, issuing);
    this.registrations = new RegistrationsHandler(this.changes, issuing, this.badges);
  }

  static async create(): Promise<BadgeWorld> {
    return new BadgeWorld(await testDatabase('badge'));
  }

  async close(): Promise<void> {
    await this.changes.stop();
    await this.own.close();
  }

  /** Hands a conference's event to its handler, as a consumer would. */
  hearConference(event: ConferenceEvent): Promise<void> {
    return this.database.transaction((tx) => this.conferences.heard(event, { tx, topic: event.definition.topic }));
  }

  /** Hands a chunk of registrations' events to their handler. */
  hearRegistrations(...events: RegistrationEvent[]): Promise<void> {
    const topic = registrationApproved.topic;
    return this.database.transaction((tx) => this.registrations.heard(events, { tx, topic }));
  }

  /** A conference that was heard of. */
  async conference(): Promise<{ conferenceId: string; slug: string }> {
    const event = conferenceEvent(newId());
    await this.hearConference(event);
    return event.body;
  }

  /** An approved registration that was heard of. */
  async approved(conferenceId: string): Promise<string> {
    const registrationId = newId();
    await this.hearRegistrations(registrationEvent(registrationId, conferenceId));
    return registrationId;
  }

  /** Everything published about a subject, or all of a type, in order. */
  async told<Event extends EventDefinition = EventDefinition<'', typeof import('@plenary/contracts').badgeIssued.body>>(
    where: { subject: string } | { type: string },
  ): Promise<{ type: string; body: BodyOf<Event> }[]> {
    const [column, value] = Object.entries(where)[0] as [string, string];
    return this.database.query(`SELECT type, body FROM outbox WHERE ${column} = $1 ORDER BY id`, [value]);
  }

  badgesOf(conferenceId: string): Promise<{ registration_id: string; serial: number; version: number }[]> {
    return this.database.query('SELECT * FROM badges WHERE conference_id = $1 ORDER BY serial', [conferenceId]);
  }
}

export function staff(role: 'organiser' | 'supervisor' | 'desk', conferenceId: string): Caller {
  return { kind: 'staff', id: newId(), admin: false, grants: [{ conferenceId, role, subForumIds: [] }] };
}

export function delegate(registrationId: string, conferenceId: string): Caller {
  return { kind: 'delegate', registrationId, conferenceId };
}

export function conferenceEvent(
  conferenceId: string,
  changes: { endsOn?: string; version?: number } = {},
): ConferenceEvent {
  return received(conferenceAnnounced, {
    version: 1,
    conferenceId,
    slug: `conference-${conferenceId.slice(-12)}`,
    name: { en: 'Forum of Seas' },
    venue: { en: 'Harbour Hall' },
    timeZone: 'Asia/Shanghai',
    startsOn: '2031-05-19',
    endsOn: '2031-05-21',
    locales: ['en', 'zh-CN'],
    categories: [],
    help: {},
    breaks: [],
    state: 'published',
    mode: 'live',
    eraseAfterDays: 90,
    at: new Date().toISOString(),
    ...changes,
  } as never);
}

export function registrationEvent(
  registrationId: string,
  conferenceId: string,
  changes: Partial<RegistrationState> = {},
): RegistrationEvent {
  return received(registrationApproved, {
    version: 1,
    registrationId,
    conferenceId,
    status: 'approved',
    category: 'delegate',
    locale: 'en',
    delegationId: null,
    person: { name: '王小明', latinName: null, email: null, organisation: null, jobTitle: null, country: null },
    subForumIds: [],
    linkGeneration: 1,
    createdAt: new Date().toISOString(),
    at: new Date().toISOString(),
    ...changes,
  });
}

export function erasedEvent(registrationId: string, conferenceId: string): RegistrationEvent {
  return received(registrationErased, { version: 9, registrationId, conferenceId, at: new Date().toISOString() });
}

function received<Event extends EventDefinition>(definition: Event, body: BodyOf<Event>): Received<Event> {
  return {
    id: randomUUID(),
    type: definition.type,
    definition: definition as unknown as EventDefinition,
    body,
    subject: definition.subject(body),
    time: new Date(),
    partition: 0,
    offset: '0',
    traceparent: undefined,
  } as unknown as Received<Event>;
}
