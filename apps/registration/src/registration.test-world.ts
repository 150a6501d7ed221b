import { randomUUID } from 'node:crypto';
import {
  type ConferenceState,
  defaultCategories,
  type Registration,
  type SeatReleaseRequest,
  type SeatRequest,
  type SeatState,
  type SubForumState,
  type Submission,
  seatConfirmed,
} from '@plenary/contracts';
import { type Database, type EventContext, type Received, rows } from '@plenary/messaging';
import { type Answer, type Caller, Changes, type IdempotencyKey, LinkTokens, newId } from '@plenary/platform';
import { type TestDatabase, testDatabase } from '@plenary/testing';
import { Resender } from './choices/resender';
import { SeatsHandler } from './choices/seats.handler';
import { Delegations } from './delegations/delegations.service';
import { Forms } from './form/form.service';
import { KnownHandlers } from './known/known.handlers';
import { Programme } from './known/programme';
import { Amendments } from './registrations/amendments.service';
import { Decisions } from './registrations/decisions.service';
import { CurrentLinks, Links } from './registrations/links.service';
import { Readings } from './registrations/readings.service';
import { Submissions } from './registrations/submissions.service';

export interface Told {
  type: string;
  subject: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of any event, held against expectations
  body: any;
}
export interface Delegate {
  id: string;
  token: string;
  caller: Caller;
  registration: Registration;
}
type Request = SeatRequest | SeatReleaseRequest;

/** The service in this process on a real PostgreSQL; the test plays the other services. */
export class World {
  readonly conferenceId = newId();
  readonly slug = `test-${this.conferenceId}`;
  readonly anyone: Caller = { kind: 'anonymous', address: '127.0.0.1' };
  readonly organiser: Caller = this.staff('organiser');
  readonly database: Database;
  readonly changes: Changes;
  readonly programme: Programme;
  readonly readings: Readings;
  readonly submissions: Submissions;
  readonly amendments: Amendments;
  readonly decisions: Decisions;
  readonly links: Links;
  readonly currentLinks: CurrentLinks;
  readonly forms: Forms;
  readonly delegations: Delegations;
  readonly resender: Resender;
  readonly tokens = new LinkTokens(Buffer.alloc(32, 1));
  private readonly known: KnownHandlers;
  private readonly seats: SeatsHandler;
  private readonly seatVersions = new Map<string, number>();

  /** As the service's own role. */
  readonly url: string;

  private constructor(private readonly test: TestDatabase) {
    this.url = test.url;
    this.database = test.database;
    this.changes = new Changes(this.database);
    this.programme = new Programme(this.database, this.changes);
    this.readings = new Readings(this.database, this.changes, this.programme);
    this.submissions = new Submissions(this.database, this.changes, this.programme, this.readings, this.tokens);
    this.amendments = new Amendments(this.database, this.changes, this.programme, this.readings);
    this.decisions = new Decisions(this.database, this.changes, this.readings);
    this.links = new Links(this.database, this.tokens);
    this.currentLinks = new CurrentLinks(this.database);
    this.forms = new Forms(this.database, this.programme);
    this.delegations = new Delegations(this.database, this.programme, this.tokens);
    this.resender = new Resender(this.database, this.changes);
    this.known = new KnownHandlers(this.changes, this.programme);
    this.seats = new SeatsHandler(this.changes);
  }

  static async open(): Promise<World> {
    const world = new World(await testDatabase('registration'));
    await world.hearConference();
    return world;
  }

  async close(): Promise<void> {
    await this.changes.stop();
    await this.test.close();
  }

  staff(role: 'organiser' | 'desk', conferenceId = this.conferenceId): Caller {
    return { kind: 'staff', id: newId(), admin: false, grants: [{ conferenceId, role, subForumIds: [] }] };
  }

  hearConference(more: Partial<ConferenceState> = {}): Promise<void> {
    const body: ConferenceState = {
      version: 1,
      conferenceId: this.conferenceId,
      slug: this.slug,
      name: { en: 'Test conference' },
      venue: { en: 'Test venue' },
      timeZone: 'Asia/Shanghai',
      startsOn: '2099-05-20',
      endsOn: '2099-05-21',
      locales: ['en'],
      categories: defaultCategories,
      help: {},
      breaks: [],
      state: 'published',
      mode: 'live',
      eraseAfterDays: 90,
      at: new Date().toISOString(),
      ...more,
    };
    return this.database.transaction((tx) => this.known.conference({ body } as never, { tx } as EventContext));
  }

  /** Heard of at once; `from` and `to` in minutes of one morning, or instants. */
  async subForum(from: number | Date = 0, to: number | Date = 10, conferenceId = this.conferenceId): Promise<string> {
    const at = (time: number | Date) =>
      (typeof time === 'number' ? new Date(Date.UTC(2099, 4, 20, 1, time)) : time).toISOString();
    const subForumId = newId();
    const body = {
      version: 1,
      subForumId,
      conferenceId,
      code: subForumId,
      title: { en: `Sub-forum ${subForumId}` },
      room: 'Hall 1',
      floor: '3F',
      startsAt: at(from),
      endsAt: at(to),
    } as SubForumState;
    await this.database.transaction((tx) => this.known.subForum({ body } as never, { tx } as EventContext));
    return subForumId;
  }

  submission(choices: readonly string[] = [], more: Partial<Submission> = {}): Submission {
    return {
      person: { name: '欧阳明慧', email: `${randomUUID()}@delegates.example` },
      category: 'delegate',
      locale: 'zh-CN',
      choices: choices.map((subForumId) => ({ subForumId })),
      answers: {},
      consent: { privacy: true },
      ...more,
    };
  }

  key(requestHash = 'hash'): IdempotencyKey {
    return { scope: 'test', key: randomUUID(), requestHash };
  }

  submit(body: Submission, caller = this.anyone, key?: IdempotencyKey, waitMs = 0) {
    return this.submissions.submit({ params: { slug: this.slug }, query: {}, body }, caller, key, waitMs);
  }

  async register(
    choices: readonly string[] = [],
    more: Partial<Submission> = {},
    caller = this.anyone,
  ): Promise<Delegate> {
    const { body } = await this.submit(this.submission(choices, more), caller);
    if (!('delegateToken' in body)) throw new Error('registered before');
    const { delegateToken: token, ...registration } = body;
    const delegate: Caller = { kind: 'delegate', registrationId: body.id, conferenceId: this.conferenceId };
    return { id: body.id, token, caller: delegate, registration };
  }

  /** Registered, and each choice confirmed. */
  async confirmed(choices: readonly string[]): Promise<Delegate> {
    const delegate = await this.register(choices);
    for (const choice of choices) await this.answer(await this.lastRequest(delegate.id, choice), 'confirmed');
    return delegate;
  }

  amend(
    delegate: Delegate,
    body: Parameters<Amendments['amend']>[0]['body'],
    ifMatch = '*',
  ): Promise<Answer<Registration>> {
    return this.amendments.amend({ params: {}, query: {}, body }, delegate.caller, ifMatch, 0);
  }

  decide(act: Parameters<Decisions['decide']>[0], id: string, caller = this.organiser): Promise<Answer<Registration>> {
    return this.decisions.decide(act, { params: { id }, body: {} }, caller);
  }

  /** All that was told, in order; nothing takes it away in a test. */
  told(subject?: string): Promise<Told[]> {
    return this.database.query<Told>(
      `SELECT type, subject, body FROM outbox
       WHERE $1::text IS NULL OR subject = $1 OR subject LIKE $1 || '/%' ORDER BY id`,
      [subject ?? null],
    );
  }

  async requests(registrationId: string, subForumId: string): Promise<(Request & { type: string })[]> {
    const told = await this.told(`${registrationId}/${subForumId}`);
    return told.map(({ type, body }) => ({ type, ...body }));
  }

  async lastRequest(registrationId: string, subForumId: string): Promise<Request> {
    const last = (await this.requests(registrationId, subForumId)).at(-1);
    if (!last) throw new Error(`nothing was asked of ${subForumId}`);
    return last;
  }

  /** What a sub-forum answers to a request, delivered. */
  async answer(request: Request, state: SeatState['state'], more: Partial<SeatState> = {}): Promise<void> {
    await this.deliver([this.outcome(request, state, more)]);
  }

  outcome(request: Request, state: SeatState['state'], more: Partial<SeatState> = {}): SeatState {
    const subject = `${request.registrationId}/${request.subForumId}`;
    const version = (this.seatVersions.get(subject) ?? 0) + 1;
    this.seatVersions.set(subject, version);
    return {
      version,
      requestId: request.requestId,
      registrationId: request.registrationId,
      subForumId: request.subForumId,
      conferenceId: this.conferenceId,
      state,
      position: null,
      place: null,
      reason: null,
      promoted: false,
      outOfTurn: false,
      at: new Date().toISOString(),
      ...more,
    };
  }

  async deliver(outcomes: readonly SeatState[]): Promise<void> {
    const events = outcomes.map((body) => ({ body }) as Received<typeof seatConfirmed>);
    await this.database.transaction((tx) => this.seats.outcomes(events, { tx } as EventContext));
  }

  async read(id: string): Promise<Registration> {
    return (await this.readings.settled(id, 0)).registration;
  }

  /** The state of one choice, with its reason where there is one. */
  async stateOf(id: string, subForumId: string): Promise<string> {
    const choice = (await this.read(id)).choices.find((one) => one.subForumId === subForumId);
    return [choice?.state, choice?.reason].filter(Boolean).join(' ');
  }

  sql<Row>(statement: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.database.transaction((tx) => rows<Row>(tx, statement, parameters));
  }
}
