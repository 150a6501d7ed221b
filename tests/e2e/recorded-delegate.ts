import { randomUUID } from 'node:crypto';
import { type Registration, routes } from '@plenary/contracts';
import { type Begun, type Recorder, type SeatDeed, until } from '@plenary/testing';
import { anyReplica, type Chance, pick, sent } from './recorded';
import type { Conference } from './world';

type Choice = Registration['choices'][number];
type Wish = { subForumId: string; replaces?: string };
const isHeld = (choice: Choice | undefined) => choice !== undefined && !['released', 'refused'].includes(choice.state);
/** Seconds for `Prefer: wait`; an answer that comes sooner says that nothing is awaited any more. */
const wait = 10;

/**
 * Somebody who registers for one or both of two sub-forums, changes their mind, swaps, looks and perhaps cancels, and
 * notes for each sub-forum what was asked and read. Outcomes come later than the answers: a request is over when its
 * outcome was read, a release when registration awaits nothing any more. What is read may lag behind the sub-forum.
 */
export class RecordedDelegate {
  registrationId = '';
  private token = '';
  private etag = '';
  private began = 0;
  private choices = new Map<string, Choice>();
  private isCancelled = false;
  /** What was asked and given up by sub-forum, whose effect has not been seen. */
  private readonly open = new Map<string, Begun<SeatDeed>[]>();
  /** When the seat was offered for another, by the sub-forum that it is in. */
  private readonly offered = new Map<string, number>();

  constructor(
    readonly who: string,
    private readonly conference: Conference,
    /** By sub-forum, of both. */
    private readonly recorders: ReadonlyMap<string, Recorder<SeatDeed>>,
    private readonly overlapping: boolean,
    private readonly chance: Chance,
  ) {}

  async act(turns: number): Promise<void> {
    await this.submit();
    for (let turn = 0; turn < turns && !this.isCancelled; turn++) {
      const what = this.chance();
      const wishes = what < 0.6 ? this.nextWishes() : undefined;
      if (wishes) await this.amend(wishes);
      else if (what > 0.94) await this.cancel();
      else await this.look(this.chance() < 0.5);
    }
  }

  /** Reads until nothing is awaited. */
  rest(): Promise<boolean> {
    return until(() => this.look(true), { what: `all answers to ${this.who}`, timeoutMs: 40_000 });
  }

  /** At rest nothing lags: what is read now is so now, the place in the waitlist too. */
  async lookAtRest(): Promise<void> {
    const called = performance.now();
    const own = await this.replica().call(routes.getOwnRegistration);
    for (const { subForumId, state, position } of own.choices) {
      if (state === 'pending' || state === 'awaiting_approval') throw new Error(`${this.who} is ${state} at rest`);
      this.recorderOf(subForumId).read(this.who, { kind: 'reads', who: this.who, seat: state, position }, called);
    }
  }

  private async submit(): Promise<void> {
    const all = [...this.recorders.keys()];
    const chosen = this.overlapping || this.chance() < 0.3 ? [pick(all, this.chance)] : all;
    this.began = performance.now();
    for (const id of chosen) this.begin('asks', id);
    const body = this.conference.submission(chosen);
    const idempotencyKey = randomUUID();
    const { answer } = await sent(this.chance, (signal) =>
      anyReplica('registration', undefined, this.chance).call(
        routes.submitRegistration,
        { params: { slug: this.conference.slug }, body },
        { idempotencyKey, signal, ...this.perhapsWait() },
      ),
    );
    if (!answer || !('delegateToken' in answer)) throw new Error(`${this.who} could not register`);
    this.token = answer.delegateToken;
    this.registrationId = answer.id;
    await this.look(false);
  }

  /** undefined: nothing that would have one meaning only, since something is still on the way. */
  private nextWishes(): Wish[] | undefined {
    const all = [...this.recorders.keys()];
    const held = all.filter((id) => isHeld(this.choices.get(id)));
    if (this.offered.size > 0) return undefined;
    if (this.overlapping) {
      const [mine] = held;
      const other = all.find((id) => id !== mine) as string;
      if (mine === undefined) return [{ subForumId: pick(all, this.chance) }];
      if (this.chance() < 0.4) return [];
      const swaps = this.choices.get(mine)?.state === 'confirmed';
      return [{ subForumId: other, ...(swaps ? { replaces: mine } : {}) }];
    }
    const wished = all.filter(() => this.chance() < 0.5);
    // One that is awaited and kept might be refused just now, and then would be asked for once more.
    if (wished.some((id) => this.choices.get(id)?.state === 'pending')) return undefined;
    return wished.map((subForumId) => ({ subForumId }));
  }

  private async amend(wishes: Wish[]): Promise<void> {
    const now = performance.now();
    const listed = new Set(wishes.flatMap(({ subForumId, replaces }) => [subForumId, replaces]));
    const dropped = [...this.choices.keys()].filter((id) => isHeld(this.choices.get(id)) && !listed.has(id));
    const given = dropped.map((id) => [id, this.begin('releases', id)] as const);
    for (const { subForumId } of wishes) if (!isHeld(this.choices.get(subForumId))) this.begin('asks', subForumId);
    const { etag: ifMatch } = this;
    const { refusal, cut } = await sent(this.chance, (signal) =>
      this.replica().call(
        routes.amendRegistration,
        { body: { choices: wishes } },
        { ifMatch, signal, ...this.perhapsWait() },
      ),
    );
    // An earlier attempt that was cut made the ETag of the next one stale: then it did happen.
    if (refusal && !(cut && refusal.status === 412)) throw refusal;
    for (const { replaces } of wishes) if (replaces) this.offered.set(replaces, now);
    await this.look(false, given);
  }

  private async cancel(): Promise<void> {
    this.isCancelled = true;
    const held = [...this.choices.keys()].filter((id) => isHeld(this.choices.get(id)));
    // A seat that was offered for another may have gone that way meanwhile.
    const given = held.map((id) => [id, this.begin('releases', id, this.offered.get(id))] as const);
    this.offered.clear();
    const { refusal } = await sent(this.chance, (signal) =>
      this.replica().call(routes.cancelOwnRegistration, {}, { signal }),
    );
    if (refusal) throw refusal;
    await this.look(false, given);
  }

  /**
   * Reads and notes what there is; answers whether nothing is awaited any more.
   * @param given what was given up just before. What had been refused by then is not: nothing was sent.
   */
  private async look(
    patiently: boolean,
    given: readonly (readonly [string, Begun<SeatDeed>])[] = [],
  ): Promise<boolean> {
    const called = performance.now();
    const { body: own, etag } = await this.replica().request(routes.getOwnRegistration, {}, patiently ? { wait } : {});
    const settled = patiently && performance.now() - called < (wait - 1) * 1000;
    this.etag = etag as string;
    this.choices = new Map(own.choices.map((choice) => [choice.subForumId, choice]));
    for (const [id, begun] of given) if (this.choices.get(id)?.state === 'refused') begun.never();
    for (const choice of own.choices) this.take(choice, settled);
    // A swap that is over without having taken place leaves the old seat where it was.
    if (settled && own.choices.every(({ replaces }) => replaces === undefined)) this.offered.clear();
    return settled;
  }

  private take({ subForumId, state, reason }: Choice, settled: boolean): void {
    const swappedAt = this.offered.get(subForumId);
    if (state === 'released' && reason === 'swapped' && swappedAt !== undefined) {
      this.begin('releases', subForumId, swappedAt);
      this.offered.delete(subForumId);
    }
    const isOutcome = state === 'confirmed' || state === 'waitlisted' || state === 'refused';
    if (isOutcome || settled) {
      for (const begun of this.open.get(subForumId) ?? []) begun.answered();
      this.open.delete(subForumId);
    }
    // `released` is registration's own word until the sub-forum has answered.
    if (isOutcome || (settled && state === 'released')) {
      const deed = { kind: 'reads', who: this.who, seat: state } as const;
      this.recorderOf(subForumId).read(this.who, deed, this.began);
    }
  }

  private begin(kind: 'asks' | 'releases', subForumId: string, called?: number): Begun<SeatDeed> {
    const begun = this.recorderOf(subForumId).begin(this.who, { kind, who: this.who }, called);
    this.open.set(subForumId, [...(this.open.get(subForumId) ?? []), begun]);
    return begun;
  }

  private perhapsWait(): { wait?: number } {
    return this.chance() < 0.5 ? { wait } : {};
  }

  private replica() {
    return anyReplica('registration', this.token, this.chance);
  }

  private recorderOf(subForumId: string): Recorder<SeatDeed> {
    return this.recorders.get(subForumId) as Recorder<SeatDeed>;
  }
}
