import type { Verdict } from '@plenary/contracts';
import {
  type Decision,
  type DoorFacts,
  dayOf,
  decide,
  type Fold,
  type FoldedStay,
  type Happening,
  inOrder,
  presenceIn,
} from '@plenary/door-rules';
import { type OutgoingEvent, publishAll, rows, type Tx } from '@plenary/messaging';
import { newId, Problem } from '@plenary/platform';
import { compareDoubles, conflictBetween, type FoundConflict, outcomeOf } from '../conflicts/conflict.rules';
import { openConflicts, withdrawConflicts } from '../conflicts/write-conflicts';
import { type Closings, foldOf, type Ledger } from '../stays/ledger';
import { addChanges, type RoomChanges, type RoomState, roomChanges } from '../stays/rooms';
import { writeStays } from '../stays/write-stays';
import { findingOf } from './badge-check';
import type { Case } from './judge';
import { keyOf, type readPeople } from './people-facts';
import { gateFacts, passes, placeIdOf } from './places';
import { appendActs, appendToLog, type LogEntry, type Logged, tellRecorded, versionOf } from './scan-log';
import { answerTo, repeatOf, withDelegate } from './verdict-answer';

/** What was read under the locks. Ledgers and rooms move on with each scan of the group. */
export interface Read {
  ledgers: ReadonlyMap<string, Ledger>;
  repeats: ReadonlyMap<string, Logged>;
  facts: Awaited<ReturnType<typeof readPeople>>;
  closings: Closings;
  rooms: ReadonlyMap<string, RoomState>;
  /** Holders who have not come yet, by sub-forum, where walk-ins are asked for before the start. */
  toCome: Map<string, number>;
}

/** One group of scans, decided one after the other in memory and then written at once. */
export class GroupInHand {
  private readonly entries: LogEntry[] = [];
  private readonly lateActs: Logged[] = [];
  private readonly folds = new Map<string, Fold>();
  private readonly found: FoundConflict[] = [];
  private readonly conflictOf = new Map<string, string>();
  private readonly changes: RoomChanges = new Map();

  constructor(
    private readonly tx: Tx,
    private readonly now: number,
    private readonly read: Read,
    /** Told of each place whose count is moved. */
    private readonly moved: (placeId: string) => void,
  ) {}

  /** Decides one scan. Its answer is complete once the group is written. */
  async take(one: Case): Promise<() => Verdict | Problem> {
    const earlier = this.read.repeats.get(one.attempt.scanId);
    return earlier ? this.repeat(one, earlier) : this.judge(one);
  }

  private async judge({ attempt, place, owner }: Case): Promise<() => Verdict> {
    const { facts: known, rooms, toCome } = this.read;
    const { acted, direction, clockOffsetMs } = attempt.scan;
    const badge = owner === null ? undefined : known.badges.get(owner);
    const finding = await findingOf(attempt, place.conferenceId, badge, (id) => keyOf(this.tx, id));
    const isStranger = finding.is === 'invalid' || finding.is === 'wrong_conference' || finding.is === 'unknown';
    const person = isStranger || owner === null ? undefined : known.people.get(owner);
    const ledger = person && this.read.ledgers.get(person.registrationId);
    const seats = (person && known.seats.get(person.registrationId)) ?? [];
    const seat = seats.find((one) => one.subForumId === place.subForumId);
    const room = rooms.get(placeIdOf(place)) ?? { placeId: placeIdOf(place), inside: 0, admitted: 0 };
    const cap = place.subForumId === null ? null : place.cap;
    // What a door did is not weighed against the room: that is looked at afterwards.
    const isActedOn = acted !== undefined;
    const roomFacts = () => ({
      inside: room.inside,
      cap: isActedOn ? null : cap,
      holdersToCome: toCome.get(place.subForumId ?? '') ?? 0,
    });
    const facts: DoorFacts = {
      at: attempt.at,
      direction,
      badge: finding,
      person: person ? { status: person.status, category: person.category } : null,
      pass: person ? passes(place, person.registrationId, person.category) : false,
      ...gateFacts(place, attempt.at),
      seat: seat ? { state: seat.state, position: seat.position ?? undefined, since: seat.since } : { state: 'none' },
      presence: ledger ? this.presence(ledger, { attempt, place, owner }, isActedOn) : { inside: null, first: null },
      room: roomFacts(),
    };
    const decision = decide(facts);
    const outcome = outcomeOf(decision.verdict, acted);
    const happened = outcome !== 'none' && ledger !== undefined;
    const insideBefore = room.inside;
    if (happened) {
      const wasHere = this.staysOf(ledger).some((stay) => stay.subForumId === place.subForumId);
      this.happen(ledger, [
        ...ledger.happenings,
        {
          scanId: attempt.scanId,
          at: attempt.at,
          did: outcome,
          gateId: place.gateId,
          subForumId: place.subForumId,
          detail: decision.detail ?? null,
        },
      ]);
      const waiting = toCome.get(place.subForumId ?? '');
      if (!wasHere && outcome === 'admitted' && seat?.state === 'confirmed' && waiting) {
        toCome.set(place.subForumId as string, waiting - 1);
      }
    }
    const overfull = cap !== null && room.inside > cap && room.inside > insideBefore;
    const conflictId = this.contradiction(attempt.scanId, decision, acted, ledger, place, overfull);
    const answer = answerTo(
      { attempt, place },
      decision,
      { subForum: facts.subForum, room: roomFacts() },
      {
        cap,
        counts: outcome !== 'none',
        firstGate: decision.first && (await this.gateName(decision.first.gateId)),
        seats,
        inferredExit: happened && direction === 'entry' ? this.endedBy(ledger, attempt.scanId) : undefined,
      },
    );
    const entry: LogEntry = {
      scanId: attempt.scanId,
      conferenceId: place.conferenceId,
      registrationId: person?.registrationId ?? null,
      gateId: place.gateId,
      subForumId: place.subForumId,
      deviceId: attempt.caller.kind === 'device' ? attempt.caller.id : null,
      staffId: attempt.caller.kind === 'staff' ? attempt.caller.id : null,
      direction,
      method: answer.method,
      scannedAt: new Date(attempt.scannedAt),
      clockOffsetMs: clockOffsetMs ?? null,
      receivedAt: new Date(attempt.receivedAt),
      correctedAt: new Date(attempt.at),
      verdict: decision.verdict,
      detail: decision.detail ?? null,
      reason: decision.reason ?? null,
      acted: acted ?? null,
      outcome,
      conflictId: conflictId ?? null,
      requestHash: attempt.requestHash,
      answer,
    };
    this.entries.push(entry);
    return () => withDelegate(entry.answer, person);
  }

  /** A scan id that was judged before: its first verdict again; new is at most what the door did. */
  private repeat({ attempt, place }: Case, earlier: Logged): () => Verdict | Problem {
    const { caller, scan } = attempt;
    const isSameCaller = caller.id === (caller.kind === 'device' ? earlier.deviceId : earlier.staffId);
    const isOtherAct = scan.acted !== undefined && earlier.acted !== null && scan.acted !== earlier.acted;
    if (!isSameCaller || isOtherAct || attempt.requestHash !== earlier.requestHash) {
      const reused = new Problem(
        422,
        'scan_id_reused',
        'This scan id was used for another scan. Make a new id for each scan.',
      );
      return () => reused;
    }
    const person = this.read.facts.people.get(earlier.registrationId ?? '');
    if (scan.acted === undefined || earlier.acted !== null) return () => repeatOf(earlier, person);

    // The live answer came too late or never: the door has acted by itself.
    const outcome = outcomeOf(earlier.verdict, scan.acted);
    const ledger = this.read.ledgers.get(earlier.registrationId ?? '');
    const room = this.read.rooms.get(placeIdOf(place));
    const insideBefore = room?.inside ?? 0;
    const told: Logged = { ...earlier, acted: scan.acted, outcome, lateAct: true };
    if (ledger && !earlier.undoneAt) {
      const others = ledger.happenings.filter((one) => one.scanId !== earlier.scanId);
      const happening: Happening = {
        scanId: earlier.scanId,
        at: earlier.correctedAt.getTime(),
        did: outcome === 'exited' ? 'exited' : 'admitted',
        gateId: earlier.gateId,
        subForumId: earlier.subForumId,
        detail: earlier.detail,
      };
      this.happen(ledger, outcome === 'none' ? others : [...others, happening]);
    }
    const cap = place.subForumId === null ? null : place.cap;
    const overfull = cap !== null && (room?.inside ?? 0) > cap && (room?.inside ?? 0) > insideBefore;
    const decision = { verdict: earlier.verdict, ...(earlier.reason ? { reason: earlier.reason } : {}) };
    if (!earlier.undoneAt) {
      told.conflictId =
        this.contradiction(earlier.scanId, decision, scan.acted, ledger, place, overfull) ?? earlier.conflictId;
    }
    this.lateActs.push(told);
    return () => repeatOf(told, person);
  }

  /**
   * Where somebody is, for a scan at that time. A scan that the door has acted on is seen as at its own time, so that
   * the order in which queues arrive does not matter; one that is decided now counts whatever is known.
   */
  private presence(ledger: Ledger, { attempt, place }: Case, isActedOn: boolean): DoorFacts['presence'] {
    const { at, scanId } = attempt;
    const seen = isActedOn ? ledger.happenings.filter((one) => inOrder(one, { at, scanId }) < 0) : ledger.happenings;
    const { stays } = foldOf(ledger, this.read.closings, at, seen);
    const here = presenceIn(stays, place.subForumId, dayOf(at, ledger.timeZone));
    if (attempt.scan.direction === 'entry' || place.subForumId !== null || here.inside) return here;
    // Leaving the venue also ends a stay in a room.
    const anywhere = stays.find((stay) => stay.exitedAt === null);
    return { ...here, inside: anywhere ? { at: anywhere.enteredAt, gateId: anywhere.gateId } : null };
  }

  /** Puts what happened into the ledger; stays and counts follow. */
  private happen(ledger: Ledger, happenings: Happening[]): void {
    const before = this.staysOf(ledger);
    ledger.happenings = happenings;
    const fold = foldOf(ledger, this.read.closings, this.now);
    this.folds.set(ledger.registrationId, fold);
    const changes = roomChanges(ledger.conferenceId, before, fold.stays);
    addChanges(this.changes, changes);
    for (const [placeId, change] of changes) {
      const room = this.read.rooms.get(placeId);
      if (!room) continue;
      room.inside += change.inside;
      room.admitted += change.admitted;
    }
  }

  private staysOf(ledger: Ledger): readonly FoldedStay[] {
    return this.folds.get(ledger.registrationId)?.stays ?? ledger.stored;
  }

  private endedBy(ledger: Ledger, scanId: string) {
    const ended = this.staysOf(ledger).find((stay) => stay.endedBy === scanId && stay.exit === 'inferred');
    return ended && { subForumId: ended.subForumId, at: ended.exitedAt ?? ended.enteredAt };
  }

  /** Notes a conflict between verdict and act; doubles are found when the group is written. */
  private contradiction(
    scanId: string,
    decision: Pick<Decision, 'verdict' | 'reason'>,
    acted: LogEntry['acted'] | undefined,
    ledger: Ledger | undefined,
    place: Case['place'],
    overfull: boolean,
  ): string | undefined {
    const fold = ledger && this.folds.get(ledger.registrationId);
    const isDouble = fold?.doubles.some((double) => double.scanId === scanId || double.openedBy === scanId) ?? false;
    const kind = conflictBetween(decision, acted ?? undefined, isDouble, overfull);
    if (!kind) return undefined;
    const conflictId = newId();
    this.found.push({
      conflictId,
      conferenceId: place.conferenceId,
      kind,
      registrationId: ledger?.registrationId ?? null,
      subForumId: place.subForumId,
      scanIds: [scanId],
    });
    return conflictId;
  }

  /** Writes all of it: log, stays, conflicts, counts, events. */
  async write(): Promise<void> {
    const withdrawn: string[] = [];
    for (const [registrationId, fold] of this.folds) {
      const compared = compareDoubles(this.read.ledgers.get(registrationId) as Ledger, fold, newId);
      this.found.push(...compared.found);
      withdrawn.push(...compared.withdrawn.map((double) => double.conflictId));
      for (const { conflictId, scanIds } of compared.found) {
        for (const scanId of scanIds) this.conflictOf.set(scanId, conflictId);
      }
    }
    for (const entry of [...this.entries, ...this.lateActs])
      entry.conflictId ??= this.conflictOf.get(entry.scanId) ?? null;
    for (const entry of this.entries) {
      if (entry.conflictId) entry.answer = { ...entry.answer, conflictId: entry.conflictId };
    }
    await appendToLog(this.tx, this.entries);
    await appendActs(this.tx, this.lateActs, this.now);
    const folded = [...this.folds].map(([registrationId, { stays }]) => ({
      ledger: this.read.ledgers.get(registrationId) as Ledger,
      stays,
    }));
    const events: OutgoingEvent[] = [
      ...this.entries.map((entry) => tellRecorded(entry)),
      ...this.lateActs.map((scan) => tellRecorded(scan, versionOf(scan))),
      ...(await writeStays(
        this.tx,
        folded,
        { changes: this.changes, held: this.read.rooms, moved: this.moved },
        this.now,
      )),
      ...(await withdrawConflicts(this.tx, withdrawn, this.now)),
      ...(await openConflicts(this.tx, this.found, this.now)),
    ];
    await publishAll(this.tx, events);
  }

  private async gateName(gateId: string): Promise<string | undefined> {
    const [gate] = await rows<{ name: string }>(this.tx, 'SELECT name FROM gates WHERE gate_id = $1', [gateId]);
    return gate?.name;
  }
}
