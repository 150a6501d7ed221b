import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ApiError,
  type CallInput,
  type CallOptions,
  type Client,
  type RouteDefinition,
  routes,
} from '@plenary/contracts';
import { settled, stack, until } from '@plenary/testing';
import { badgeOf, Conference, type Delegate, type Door, minutes, scanOf, signIn } from '../e2e/world';
import { asSuperuser } from './inside';

const REGISTRARS = 4;
/** A command that nobody takes for so long is lost. */
const PATIENCE_MS = 120_000;
const CAPACITY = 25;
/** Between two commands of one caller: what is tried here is order, not speed. */
const BREATH_MS = 75;

interface Acknowledged {
  readonly id: string;
  readonly email: string;
  readonly client: Client;
  readonly choices: readonly string[];
  cancelled: boolean;
}

/**
 * A small conference in full swing: people register with two choices, some cancel, others pass a door in and out. Every
 * caller does what a real one does when the network breaks or 503 comes: the same request again, with the same key.
 */
export class Traffic {
  private static readonly flowing = new Set<Traffic>();
  /** What callers met before they were answered. */
  readonly met = { cut: 0, timedOut: 0, unavailable: 0 };
  private readonly acknowledged: Acknowledged[] = [];
  private readonly scans = new Set<string>();
  private readonly answers: number[] = [];
  /** When a registration was answered before its seats were decided. */
  private readonly pending: number[] = [];
  private stopping = false;
  private work: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly conference: Conference,
    private readonly slots: readonly (readonly string[])[],
    private readonly door: Door,
    private readonly gate: Awaited<ReturnType<Conference['gateOf']>>,
    private readonly regulars: readonly { delegate: Delegate; badge: string }[],
  ) {}

  /** Makes the conference, a door and a few people with badges; then traffic flows until `stop`. */
  static async start(): Promise<Traffic> {
    const conference = await Conference.create();
    const slot = async (startsIn: number, count: number) =>
      Promise.all(
        Array.from({ length: count }, async () => {
          const times = { startsAt: minutes(startsIn), endsAt: minutes(startsIn + 60) };
          return (await conference.subForum({ ...times, capacity: CAPACITY })).id;
        }),
      );
    const { subForum, door, gate } = await conference.room({ startsAt: minutes(10), endsAt: minutes(120) });
    const slots = [await slot(200, 3), await slot(300, 3)];
    await settled();
    const delegates = await Promise.all(Array.from({ length: 6 }, () => conference.register([subForum.id])));
    const regulars = await Promise.all(
      delegates.map(async (delegate) => ({ delegate, badge: await badgeOf(delegate) })),
    );
    await settled();
    const traffic = new Traffic(conference, slots, door, gate, regulars);
    Traffic.flowing.add(traffic);
    traffic.flow();
    return traffic;
  }

  /** Commands answered up to now. */
  get answered(): number {
    return this.answers.length;
  }

  /** Registrations accepted since `since` (performance.now()) whose seats were not decided yet. */
  pendingSince(since: number): number {
    return this.pending.filter((at) => at >= since).length;
  }

  /** The longest time for which no command was answered, since `since` (performance.now()). */
  longestSilence(since: number): number {
    const times = [since, ...this.answers.filter((at) => at >= since)];
    return Math.max(0, ...times.slice(1).map((at, index) => at - (times[index] as number)));
  }

  /** Until so many more commands have been answered. */
  async goesOn(commands: number, timeoutMs = 60_000): Promise<void> {
    const wanted = this.answered + commands;
    const answered = until(() => this.answered >= wanted, { what: `${commands} more commands answered`, timeoutMs });
    await Promise.race([answered, this.work]);
  }

  /** Every caller finishes what it has begun; throws where a command was refused or never answered. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.work;
    Traffic.flowing.delete(this);
  }

  /** What a case that failed has left flowing. */
  static async stopAll(): Promise<void> {
    const left = [...Traffic.flowing];
    Traffic.flowing.clear();
    await Promise.all(left.map((one) => one.stop()));
  }

  /** After `stop`: every acknowledged command has exactly one outcome, and there is nothing else. One line of counts. */
  async account(): Promise<string> {
    await settled(90_000);
    const organiser = await signIn('organiser');
    const listed = new Map<string, { status: string; choices: readonly { subForumId: string; state: string }[] }>();
    const emails: string[] = [];
    for await (const one of organiser.all(routes.listRegistrations, {
      params: { slug: this.conference.slug },
      query: { limit: 200 },
    })) {
      listed.set(one.id, one);
      emails.push(one.person.email as string);
    }
    expect(new Set(emails).size).toBe(emails.length);
    const expected = [...this.regulars.map(({ delegate }) => delegate.id), ...this.acknowledged.map(({ id }) => id)];
    expect([...listed.keys()].sort()).toEqual(expected.sort());

    const counts: Record<string, number> = {};
    for (const one of this.acknowledged) {
      const found = listed.get(one.id);
      expect([one.id, found?.status]).toEqual([one.id, one.cancelled ? 'cancelled' : 'approved']);
      expect(found?.choices.map(({ subForumId }) => subForumId).sort()).toEqual([...one.choices].sort());
      for (const { state } of found?.choices ?? []) {
        expect([one.id, state]).toEqual([
          one.id,
          expect.stringMatching(one.cancelled ? /^released$/ : /^(confirmed|waitlisted)$/),
        ]);
        counts[state] = (counts[state] ?? 0) + 1;
      }
    }
    const logged = await asSuperuser<{ scan_id: string }>('SELECT scan_id FROM check_in.scan_log WHERE gate_id = $1', [
      this.gate.id,
    ]);
    expect(logged.map((row) => row.scan_id).sort()).toEqual([...this.scans].sort());

    const cancelled = this.acknowledged.filter((one) => one.cancelled).length;
    const states = ['confirmed', 'waitlisted', 'released'].map((state) => `${counts[state] ?? 0} ${state}`);
    const { cut, timedOut, unavailable } = this.met;
    return (
      `${this.acknowledged.length} registrations (${states.join(', ')}), ${cancelled} cancellations, ${this.scans.size} scans, ` +
      `each with one outcome; callers met ${cut} cut connections, ${timedOut} timeouts, ${unavailable} answers 503`
    );
  }

  private flow(): void {
    const all = [...Array.from({ length: REGISTRARS }, () => this.registrar()), this.doorkeeper()];
    this.work = Promise.all(all);
    // Told by `stop`; until then nobody listens.
    this.work.catch(() => {});
  }

  private async registrar(): Promise<void> {
    const own: Acknowledged[] = [];
    for (let turn = 0; !this.stopping; turn++) {
      const oldest = turn % 4 === 3 ? own.shift() : undefined;
      if (oldest) {
        await this.command(oldest.client, routes.cancelOwnRegistration);
        oldest.cancelled = true;
      } else {
        const one = await this.register(turn);
        own.push(one);
        this.acknowledged.push(one);
      }
      await pause(BREATH_MS);
    }
  }

  private async register(turn: number): Promise<Acknowledged> {
    const choices = this.slots.map((row, slot) => row[(turn + slot) % row.length] as string);
    const email = `${randomUUID()}@delegates.example`;
    const body = this.conference.submission(choices, { person: { name: `Delegate ${email.slice(0, 8)}`, email } });
    const answer = await this.command(
      stack().client,
      routes.submitRegistration,
      { params: { slug: this.conference.slug }, body },
      { idempotencyKey: randomUUID() },
    );
    if ('choices' in answer && answer.choices.some(({ state }) => state === 'pending')) {
      this.pending.push(performance.now());
    }
    if (!('delegateToken' in answer)) throw new Error(`${email} was registered by another command than its own`);
    return { id: answer.id, email, client: stack().client.as(answer.delegateToken), choices, cancelled: false };
  }

  /** In and out again, one person after the other: a scan that is lost or counted twice shows in the next verdict. */
  private async doorkeeper(): Promise<void> {
    for (let turn = 0; !this.stopping; turn++) {
      const { badge } = this.regulars[turn % this.regulars.length] as { badge: string };
      const direction = Math.floor(turn / this.regulars.length) % 2 === 0 ? 'entry' : 'exit';
      const scan = scanOf(this.gate, badge, { direction });
      const { verdict, scanId } = await this.command(this.door.client, routes.postScan, { body: scan });
      this.scans.add(scanId);
      if (verdict !== (direction === 'entry' ? 'admitted' : 'exited'))
        throw new Error(`Scan ${scanId} (${direction}) was ${verdict}`);
      await pause(BREATH_MS);
    }
  }

  /** Until it is answered. Anything but a cut connection, silence or an orderly 503 is an error. */
  private async command<Route extends RouteDefinition>(
    client: Client,
    route: Route,
    input: CallInput<Route> = {},
    options: CallOptions = {},
  ) {
    const began = performance.now();
    for (;;) {
      try {
        const answer = await client.call(route, input, { timeoutMs: 5_000, ...options });
        this.answers.push(performance.now());
        return answer;
      } catch (error) {
        if (performance.now() - began > PATIENCE_MS)
          throw new Error(`${route.id} was not answered for ${PATIENCE_MS} ms`, { cause: error });
        this.note(error);
        await pause(100 + Math.random() * 200);
      }
    }
  }

  private note(error: unknown): void {
    if (error instanceof ApiError) {
      if (error.status !== 503 || error.code === 'unexpected_answer') throw error;
      this.met.unavailable++;
      return;
    }
    // From outside the sandbox of jest: no instance of its Error.
    const { name, message } = error as Error;
    if (name === 'TimeoutError') this.met.timedOut++;
    else if (/^(fetch failed|terminated)$/.test(message)) this.met.cut++;
    else throw error;
  }
}
