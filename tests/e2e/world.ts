import { randomUUID } from 'node:crypto';
import {
  ApiError,
  type Client,
  type Gate,
  type NewSubForum,
  type Registration,
  routes,
  type Scan,
  type SubForum,
  type Submission,
  type Verdict,
} from '@plenary/contracts';
import { stack, until } from '@plenary/testing';

/** What the black-box tests have in common: a conference of their own, people, doors, scans. HTTP only. */

export const minutes = (count: number, from = Date.now()) => new Date(from + count * 60_000).toISOString();

export async function signIn(account: string): Promise<Client> {
  const anonymous = stack().client;
  const body = { email: `${account}@plenary.example`, password: 'plenary-demo' };
  return anonymous.as((await anonymous.call(routes.signIn, { body })).accessToken);
}

export interface Delegate {
  id: string;
  token: string;
  client: Client;
  registration: Registration;
}
export interface Door {
  id: string;
  client: Client;
}

export class Conference {
  private constructor(
    readonly organiser: Client,
    readonly slug: string,
    readonly id: string,
  ) {}

  /** A published conference from yesterday to in two days, in Shanghai. */
  static async create(settings: { timeZone?: string; startsOn?: string; endsOn?: string } = {}): Promise<Conference> {
    const organiser = await signIn('organiser');
    const slug = `test-${randomUUID().slice(0, 13)}`;
    const { id } = await organiser.call(routes.createConference, {
      body: {
        slug,
        name: { en: `Conference ${slug}` },
        venue: { en: 'Test venue' },
        timeZone: 'Asia/Shanghai',
        startsOn: minutes(-24 * 60).slice(0, 10),
        endsOn: minutes(48 * 60).slice(0, 10),
        ...settings,
      },
    });
    return new Conference(organiser, slug, id);
  }

  /** Unless said otherwise: in ten minutes, for ten minutes, 100 seats, a room of its own. */
  subForum(settings: Partial<NewSubForum> = {}): Promise<SubForum> {
    const code = `SF-${randomUUID().slice(0, 8)}`;
    return this.organiser.call(routes.createSubForum, {
      params: { slug: this.slug },
      body: {
        code,
        title: { en: `Sub-forum ${code}` },
        room: `Room ${code}`,
        startsAt: minutes(10),
        endsAt: minutes(20),
        capacity: 100,
        ...settings,
      },
    });
  }

  submission(
    choices: (string | { subForumId: string; replaces?: string })[],
    more: Partial<Submission> = {},
  ): Submission {
    return {
      person: {
        name: '欧阳明慧',
        latinName: 'OUYANG Minghui',
        email: `${randomUUID()}@delegates.example`,
        organisation: 'Data Bureau',
      },
      category: 'delegate',
      locale: 'zh-CN',
      choices: choices.map((choice) => (typeof choice === 'string' ? { subForumId: choice } : choice)),
      answers: {},
      consent: { privacy: true },
      ...more,
    };
  }

  /** Registers online; waits until no choice is pending. `as`: on whose behalf. */
  async register(
    choices: Parameters<Conference['submission']>[0] = [],
    more: Partial<Submission> = {},
    as?: Client,
  ): Promise<Delegate> {
    const answer = await (as ?? stack().client).call(
      routes.submitRegistration,
      { params: { slug: this.slug }, body: this.submission(choices, more) },
      { wait: 10, idempotencyKey: randomUUID() },
    );
    if (!('delegateToken' in answer)) throw new Error('this e-mail is registered already');
    const { delegateToken: token, ...registration } = answer;
    return { id: answer.id, token, client: stack().client.as(token), registration };
  }

  /** An enrolled device bound to rooms, gates or the venue. */
  async door(bound: { rooms?: string[]; venue?: boolean; gateIds?: string[] }): Promise<Door> {
    const created = await this.organiser.call(routes.createDevice, {
      params: { slug: this.slug },
      body: { name: `Device ${randomUUID().slice(0, 8)}`, ...bound },
    });
    const { deviceToken } = await stack().client.call(routes.enrolDevice, { body: { code: created.enrolmentCode } });
    return { id: created.id, client: stack().client.as(deviceToken) };
  }

  /** The gate of a sub-forum, or (null) the venue's, once check-in has made it. */
  gateOf(subForumId: string | null): Promise<Gate> {
    return until(
      async () => {
        for await (const gate of this.organiser.all(routes.listGates, { params: { slug: this.slug } })) {
          if (gate.subForumId === subForumId) return gate;
        }
        return undefined;
      },
      { what: `the gate of ${subForumId ?? 'the venue'}` },
    );
  }

  /** A sub-forum with its gate and a device standing at it. */
  async room(settings: Partial<NewSubForum> = {}): Promise<{ subForum: SubForum; gate: Gate; door: Door }> {
    const subForum = await this.subForum(settings);
    const [door, gate] = await Promise.all([this.door({ rooms: [subForum.room] }), this.gateOf(subForum.id)]);
    return { subForum, gate, door };
  }

  /** Changes a sub-forum's settings as the organiser. */
  async change(subForumId: string, body: Parameters<typeof patch>[2], dryRun = false) {
    return patch(this.organiser, subForumId, body, dryRun);
  }
}

async function patch(
  client: Client,
  subForumId: string,
  body: Partial<
    Pick<NewSubForum, 'capacity' | 'roomCap' | 'walkIn' | 'reEntry' | 'startsAt' | 'endsAt' | 'crew' | 'sessions'>
  > & {
    state?: 'scheduled' | 'closed';
  },
  dryRun: boolean,
) {
  const { etag } = await client.request(routes.getSubForum, { params: { id: subForumId } });
  return client.call(
    routes.changeSubForum,
    { params: { id: subForumId }, body, query: dryRun ? { dryRun: 'true' } : {} },
    { ifMatch: etag as string },
  );
}

/** The QR's text. */
export async function badgeOf(delegate: Delegate): Promise<string> {
  return (await delegate.client.call(routes.getOwnBadge, {}, { wait: 10 })).payload;
}

export function scanOf(gate: Gate, token: string, more: Partial<Scan> = {}): Scan {
  return {
    scanId: randomUUID(),
    gateId: gate.id,
    direction: 'entry',
    token,
    scannedAt: new Date().toISOString(),
    ...more,
  };
}

export function scan(door: Door, gate: Gate, token: string, more: Partial<Scan> = {}): Promise<Verdict> {
  return door.client.call(routes.postScan, { body: scanOf(gate, token, more) });
}

/** The choice of a sub-forum in one's own registration, once it is in the wished state. */
export function choiceBecomes(delegate: Delegate, subForumId: string, state: string) {
  return until(
    async () => {
      const own = await delegate.client.call(routes.getOwnRegistration);
      const choice = own.choices.find((one) => one.subForumId === subForumId);
      return choice?.state === state ? choice : undefined;
    },
    { what: `${state} for ${subForumId}` },
  );
}

/** The problem that a call ends in. */
export async function problemOf(call: Promise<unknown>): Promise<{ status: number; code: string; error: ApiError }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, code: error.code, error };
    throw error;
  }
  throw new Error('the call should have been refused');
}

/** Does `work` with each, at most `width` at once; answers in the order of `items`. */
export async function inParallel<Item, Result>(
  width: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
