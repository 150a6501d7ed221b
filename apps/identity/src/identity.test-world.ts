import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  type AnswerOf,
  auditRecorded,
  type conferenceAnnounced,
  defaultCategories,
  type RouteDefinition,
  routes,
  topics,
} from '@plenary/contracts';
import { Database, type Received } from '@plenary/messaging';
import { createApp, newId } from '@plenary/platform';
import { type TestDatabase, testDatabase } from '@plenary/testing';
import { pino } from 'pino';
import type { z } from 'zod';
import { AuditController } from './audit-trail/audit-trail';
import { IdentityModule } from './identity.module';
import { ConferenceEvents } from './known/conferences';
import { Secrets } from './secrets';
import { createFromCommandLine } from './staff/operator';

export const password = 'correct horse battery';

interface Call<Route extends RouteDefinition> {
  params?: z.input<Route['params']>;
  query?: z.input<Route['query']>;
  body?: z.input<Route['body']>;
  token?: string | undefined;
  cookie?: string | undefined;
  headers?: Record<string, string>;
  /** Whose address the gateway names. */
  from?: string;
}

/** The service in this process, on a real schema, called over HTTP. */
export class IdentityWorld {
  private constructor(
    readonly app: NestFastifyApplication,
    private readonly test: TestDatabase,
  ) {}

  static async create(test?: TestDatabase): Promise<IdentityWorld> {
    const database = test ?? (await testDatabase('identity'));
    process.env.IDENTITY_KEY ??= randomBytes(32).toString('base64url');
    Object.assign(process.env, {
      PORT: '0',
      DATABASE_URL: database.url,
      KAFKA_BROKERS: '127.0.0.1:1',
      LINK_KEY: randomBytes(32).toString('base64url'),
      PUBLIC_URL: 'http://127.0.0.1:8080',
      RATE_LIMIT_ALLOWLIST: '127.0.0.0/8',
      NODE_ENV: 'test',
    });
    const app = await createApp(IdentityModule, 'identity', pino({ level: 'silent' }));
    return new IdentityWorld(app, database);
  }

  get database(): Database {
    return this.app.get(Database);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.test.close();
  }

  async call<Route extends RouteDefinition>(route: Route, call: Call<Route> = {}) {
    const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => String((call.params as never)?.[name]));
    const response = await this.app.inject({
      method: route.method,
      url: `/api/v1${path}`,
      query: (call.query ?? {}) as Record<string, string>,
      ...(call.body === undefined ? {} : { payload: call.body as object }),
      headers: {
        ...(call.token && { authorization: `Bearer ${call.token}` }),
        ...(call.cookie && { cookie: call.cookie }),
        ...(call.from && { 'x-forwarded-for': call.from }),
        ...call.headers,
      },
    });
    const cookie = response.headers['set-cookie'];
    return {
      status: response.statusCode,
      headers: response.headers,
      setCookie: typeof cookie === 'string' ? cookie : undefined,
      cookie: typeof cookie === 'string' ? cookie.split(';')[0] : undefined,
      body: (response.body ? response.json() : undefined) as AnswerOf<Route> & { code?: string },
    };
  }

  /** Somebody with a password, made as an operator would. */
  async operatorMakes(name: string, admin = false): Promise<string> {
    const email = `${name}-${newId()}@example.org`;
    await createFromCommandLine(this.database, new Secrets(), 'http://127.0.0.1:8080', {
      email,
      name,
      admin,
      password,
    });
    return email;
  }

  async signIn(email: string, withPassword = password): Promise<string> {
    const signedIn = await this.call(routes.signIn, { body: { email, password: withPassword } });
    if (signedIn.status !== 200) throw new Error(`sign-in answered ${signedIn.status} ${signedIn.body.code}`);
    return signedIn.body.accessToken;
  }

  /** The sub-forum service announced one. */
  async conference(): Promise<{ id: string; slug: string }> {
    const id = newId();
    const slug = `c-${id}`;
    const body = {
      version: 1,
      conferenceId: id,
      slug,
      name: { en: 'Conference' },
      venue: { en: 'Hall' },
      timeZone: 'Asia/Shanghai',
      startsOn: '2026-05-21',
      endsOn: '2026-05-22',
      locales: ['en' as const],
      categories: defaultCategories,
      help: {},
      breaks: [],
      state: 'published' as const,
      mode: 'live' as const,
      eraseAfterDays: 90,
      at: new Date().toISOString(),
    };
    await this.database.transaction((tx) =>
      this.app
        .get(ConferenceEvents)
        .announced({ body } as unknown as Received<typeof conferenceAnnounced>, { tx, topic: topics.conferences }),
    );
    return { id, slug };
  }

  /** A conference with an organiser who is signed in, and the token of an administrator. */
  async organised() {
    const conference = await this.conference();
    const admin = await this.signIn(await this.operatorMakes('admin', true));
    const organiser = await this.member(admin, conference.slug, 'organiser');
    return {
      conference,
      params: { slug: conference.slug },
      admin,
      organiser: organiser.token,
      organiserId: organiser.id,
    };
  }

  /** A new member of staff with one role, through the API and the one-time link. */
  async member(
    token: string,
    slug: string,
    role: 'organiser' | 'cohost' | 'supervisor' | 'desk',
    subForumIds?: string[],
  ) {
    const email = `${role}-${newId()}@example.org`;
    const made = await this.call(routes.createStaff, {
      params: { slug },
      token,
      body: { name: role, email, roles: [{ role, ...(subForumIds && { subForumIds }) }] },
    });
    const { id, link } = made.body;
    await this.call(routes.setPassword, { body: { link: link as string, password } });
    return { id, email, token: await this.signIn(email) };
  }

  /** Events in the outbox, oldest first. */
  async told(subject: string): Promise<{ type: string; body: Record<string, unknown> }[]> {
    return this.database.query('SELECT type, body FROM outbox WHERE subject = $1 ORDER BY id', [subject]);
  }

  /** What Kafka would do with the audit events told so far. */
  async auditArrives(): Promise<void> {
    const told = await this.database.query<{ body: Received<typeof auditRecorded>['body'] }>(
      'SELECT body FROM outbox WHERE type = $1 ORDER BY id',
      [auditRecorded.type],
    );
    await this.database.transaction((tx) =>
      this.app.get(AuditController).recorded(told as Received<typeof auditRecorded>[], { tx, topic: topics.audit }),
    );
  }
}
