import { routes, type SubForum } from '@plenary/contracts';
import type { Recorder, SeatDeed } from '@plenary/testing';
import { anyReplica, type Chance, pick, sent } from './recorded';

/** Somebody who changes the capacity of one sub-forum, closes and opens it, and looks; people are noted by their ids. */
export class RecordedOrganiser {
  constructor(
    private readonly who: string,
    private readonly token: string,
    private readonly subForum: SubForum,
    private readonly recorder: Recorder<SeatDeed>,
    private readonly chance: Chance,
  ) {}

  async act(turns: number): Promise<void> {
    for (let turn = 0; turn < turns; turn++) {
      const etag = await this.count();
      const what = this.chance();
      if (what < 0.55) await this.resize(Math.floor(this.chance() * 5), etag);
      else if (what < 0.75) await this.set(pick(['closed', 'scheduled', 'scheduled'] as const, this.chance), etag);
      else await this.list();
    }
    await this.set('scheduled', await this.count());
  }

  async look(): Promise<void> {
    await this.count();
    await this.list();
  }

  private async resize(capacity: number, ifMatch: string): Promise<void> {
    const deed = { kind: 'resizes', capacity } as const;
    const begun = this.recorder.begin(this.who, deed);
    const { answer, refusal, cut } = await sent(
      this.chance,
      (signal) => this.patch({ capacity }, ifMatch, signal),
      this.chance() < 0.5,
    );
    if (answer) begun.answered({ ...deed, promoted: answer.promoted.map((one) => one.registrationId) });
    else if (refusal) this.refused(refusal, cut, begun);
  }

  private async set(state: 'closed' | 'scheduled', ifMatch: string): Promise<void> {
    const begun = this.recorder.begin(this.who, { kind: 'sets', state });
    const { answer, refusal, cut } = await sent(this.chance, (signal) => this.patch({ state }, ifMatch, signal));
    if (answer) begun.answered();
    else if (refusal) this.refused(refusal, cut, begun);
  }

  /** A stale ETag: another organiser was first, unless it was an earlier attempt of this one that was cut. */
  private refused(refusal: Error & { status: number }, cut: boolean, begun: { never(): void }): void {
    if (refusal.status !== 412) throw refusal;
    if (!cut) begun.never();
  }

  private patch(body: { capacity: number } | { state: 'closed' | 'scheduled' }, ifMatch: string, signal: AbortSignal) {
    const params = { id: this.subForum.id };
    return this.replica().call(routes.changeSubForum, { params, body }, { ifMatch, signal });
  }

  private async count(): Promise<string> {
    const called = this.recorder.now();
    const { body, etag } = await this.replica().request(routes.getSubForum, { params: { id: this.subForum.id } });
    const { confirmed, waitlisted } = body;
    this.recorder.read(this.who, { kind: 'counts', capacity: body.capacity as number, confirmed, waitlisted }, called);
    return etag as string;
  }

  private async list(): Promise<void> {
    const called = this.recorder.now();
    const { items } = await this.replica().call(routes.listWaitlist, { params: { id: this.subForum.id } });
    this.recorder.read(this.who, { kind: 'lists', waiting: items.map((one) => one.registrationId) }, called);
  }

  private replica() {
    return anyReplica('sub-forum', this.token, this.chance);
  }
}
