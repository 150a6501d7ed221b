import { randomUUID } from 'node:crypto';
import { type Client, type NewSubForum, type RouteDefinition, routes, type SubForum } from '@plenary/contracts';
import { settled, stack } from '@plenary/testing';
import type { Generator, Request } from './load';

/** The conference of a case, and the requests that people send. */
export const minutes = (count: number) => new Date(Date.now() + count * 60_000).toISOString();

export class BenchConference {
  private constructor(
    readonly organiser: Client,
    readonly id: string,
    readonly slug: string,
  ) {}

  static async create(
    name: string,
    settings: { timeZone?: string; startsOn?: string; endsOn?: string } = {},
  ): Promise<BenchConference> {
    const { client } = stack();
    const body = { email: 'organiser@plenary.example', password: 'plenary-demo' };
    const organiser = client.as((await client.call(routes.signIn, { body })).accessToken);
    const slug = `${name}-${randomUUID().slice(0, 8)}`;
    const { id } = await organiser.call(routes.createConference, {
      body: {
        slug,
        name: { en: slug },
        venue: { en: 'Hall' },
        timeZone: 'Asia/Shanghai',
        startsOn: minutes(-24 * 60).slice(0, 10),
        endsOn: minutes(48 * 60).slice(0, 10),
        ...settings,
      },
    });
    return new BenchConference(organiser, id, slug);
  }

  /** `count` sub-forums at the same time, each in a room of its own. */
  async subForums(count: number, settings: Pick<NewSubForum, 'startsAt' | 'endsAt'> & Partial<NewSubForum>) {
    const made: SubForum[] = [];
    for (let index = 0; index < count; index++) {
      const code = `SF-${randomUUID().slice(0, 8)}`;
      made.push(
        await this.organiser.call(routes.createSubForum, {
          params: { slug: this.slug },
          body: { code, title: { en: code }, room: `Room ${code}`, ...settings },
        }),
      );
    }
    return made;
  }

  /** Someone new registers, as people do: no two alike, and a key so that a repeat would not register them twice. */
  submission(subForumIds: string[]): Request {
    const person = randomUUID();
    return request(routes.submitRegistration, {
      params: { slug: this.slug },
      headers: { 'idempotency-key': person },
      body: {
        person: {
          name: '欧阳明慧',
          latinName: `OUYANG Minghui ${person.slice(0, 8)}`,
          email: `${person}@delegates.example`,
          organisation: 'Data Bureau',
        },
        category: 'delegate',
        locale: 'zh-CN',
        choices: subForumIds.map((subForumId) => ({ subForumId })),
        consent: { privacy: true },
      },
    });
  }
}

/** Registrations before the first that count: in what runs all day, code is compiled and statements are prepared. */
export async function warmUp(generator: Generator): Promise<void> {
  const conference = await BenchConference.create('warm');
  const made = await conference.subForums(3, { startsAt: minutes(60), endsAt: minutes(70), capacity: 2_000 });
  await heard();
  const requests = Array.from({ length: 6_000 }, (_, index) =>
    conference.submission([(made[index % 3] as SubForum).id]),
  );
  await generator.load({ origin: stack().url, requests, connections: 32 });
  await heard();
}

/** Builds the request of a route. */
export function request(
  route: RouteDefinition,
  {
    params = {},
    token,
    headers,
    body,
  }: { params?: Record<string, string>; token?: string; headers?: Record<string, string>; body?: unknown },
): Request {
  return {
    method: route.method,
    path: route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? '')),
    ...(token ? { token } : {}),
    ...(headers ? { headers } : {}),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

/** Until everybody has heard of what a case has just made. */
export const heard = () => settled(60_000);
