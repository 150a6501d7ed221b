import { Injectable } from '@nestjs/common';
import { routes, type Verdict } from '@plenary/contracts';
import { Database, rows, type Tx } from '@plenary/messaging';
import { authorise, Changes, Problem } from '@plenary/platform';
import { type Binding, bindingsOf, wasBound } from '../gates/bindings';
import { gateNotBound } from '../gates/gate-access';
import { type Closings, type Ledger, lockPeople, readLedgers } from '../stays/ledger';
import { lockRooms, placeKey } from '../stays/rooms';
import type { Attempt } from './attempt';
import { GroupInHand } from './group-in-hand';
import { holdersToCome, ownersOf, readPeople } from './people-facts';
import { type Place, placeIdOf, placesOf } from './places';
import { type Logged, readLogged, ScanIdTaken } from './scan-log';

/** A scan that may be judged: its gate, and whose badge it seems to be. */
export interface Case {
  readonly attempt: Attempt;
  readonly place: Place;
  /** null: nobody known. */
  readonly owner: string | null;
}

/** Judges scans in groups: one short transaction for all of a group. */
@Injectable()
export class Judge {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  /** One answer for each, in order. No two of a group share a scan id. Rejects only where nothing could be decided. */
  async judge(attempts: readonly Attempt[]): Promise<(Verdict | Problem)[]> {
    for (let round = 1; ; round++) {
      try {
        return await this.decide(attempts);
      } catch (error) {
        if (!(error instanceof ScanIdTaken) || round === 5) throw error;
      }
    }
  }

  private async decide(attempts: readonly Attempt[]): Promise<(Verdict | Problem)[]> {
    const { database } = this;
    const [places, bindings, owners, earlier] = await Promise.all([
      placesOf(
        database,
        attempts.map((attempt) => attempt.gateId),
      ),
      bindingsOf(database, [...new Set(attempts.flatMap(({ caller }) => (caller.kind === 'device' ? caller.id : [])))]),
      ownersOf(database, attempts),
      readLogged(
        (sql, parameters) => database.query(sql, parameters),
        attempts.map((attempt) => attempt.scanId),
      ),
    ]);
    const cases = attempts.map((attempt, index): Case | Problem => {
      const place = mayScan(attempt, places.get(attempt.gateId), bindings);
      return place instanceof Problem ? place : { attempt, place, owner: owners[index] ?? null };
    });
    const permitted = cases.filter((one): one is Case => !(one instanceof Problem));
    if (permitted.length === 0) return cases as Problem[];
    const decided = await database.transaction((tx) => this.decideLocked(tx, permitted, earlier));
    return cases.map((one) => (one instanceof Problem ? one : (decided.shift() as Verdict | Problem)));
  }

  /** Locks people, then rooms, each sorted; reads in statements of their own; decides; writes in bulk. */
  private async decideLocked(tx: Tx, cases: readonly Case[], earlier: ReadonlyMap<string, Logged>) {
    const people = [
      ...cases.flatMap(({ owner, place: { conferenceId } }) =>
        owner === null ? [] : [{ registrationId: owner, conferenceId }],
      ),
      ...[...earlier.values()].flatMap(({ registrationId, conferenceId }) =>
        registrationId === null ? [] : [{ registrationId, conferenceId }],
      ),
    ];
    const locked = await lockPeople(tx, people);
    const subForumIds = [...new Set(cases.flatMap(({ place }) => place.subForumId ?? []))];
    const { ledgers, closings } = await readLedgers(tx, locked, subForumIds);
    const repeats =
      earlier.size > 0
        ? await readLogged((sql, parameters) => rows(tx, sql, parameters), [...earlier.keys()])
        : earlier;
    const facts = await readPeople(
      tx,
      locked.map((person) => person.registrationId),
      subForumIds,
    );
    const now = Math.max(...cases.map(({ attempt }) => attempt.receivedAt));
    const rooms = await lockRooms(tx, [
      ...cases.map(({ place }) => placeIdOf(place)),
      ...[...ledgers.values()].flatMap((ledger) => placesAtStake(ledger, closings, cases, now)),
    ]);
    const asking = cases.filter(({ place, attempt }) => place.walkIn === 'always' && attempt.scan.acted === undefined);
    const toCome = await holdersToCome(tx, [...new Set(asking.flatMap(({ place }) => place.subForumId ?? []))]);
    const group = new GroupInHand(tx, now, { ledgers, repeats, facts, closings, rooms, toCome }, (placeId) =>
      this.changes.touch(tx, placeKey(placeId)),
    );
    const answers: (() => Verdict | Problem)[] = [];
    for (const one of cases) answers.push(await group.take(one));
    await group.write();
    return answers.map((answer) => answer());
  }
}

/** The gate's place, or why this caller may not scan there. */
function mayScan(
  attempt: Attempt,
  place: Place | undefined,
  bindings: ReadonlyMap<string, Binding[]>,
): Place | Problem {
  if (!place) return Problem.notFound('gate');
  const { caller, at } = attempt;
  try {
    authorise(caller, routes.postScan.who, { conferenceId: place.conferenceId });
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  if (caller.kind !== 'device' || wasBound(bindings.get(caller.id) ?? [], place, at)) return place;
  return gateNotBound();
}

/**
 * Places whose count a scan of this person may move besides its gate's own: where they are inside; and, when something
 * late is put in between, every room that still runs.
 */
function placesAtStake(ledger: Ledger, closings: Closings, cases: readonly Case[], now: number): string[] {
  const inside = ledger.stored.filter((stay) => stay.exitedAt === null);
  const isLate = cases.some(
    ({ owner, attempt }) => owner === ledger.registrationId && attempt.scan.acted !== undefined,
  );
  const running = isLate
    ? ledger.happenings.filter(({ subForumId }) => subForumId !== null && (closings.get(subForumId) ?? now) >= now)
    : [];
  return [...inside, ...running].map(({ subForumId }) => subForumId ?? ledger.conferenceId);
}
