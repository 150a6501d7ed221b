import {
  type Attendance,
  type BodyOf,
  delegationAnnounced,
  type EventDefinition,
  gateChanged,
  type RegistrationState,
  registrationAmended,
  registrationCancelled,
  registrationErased,
  registrationReinstated,
  registrationSubmitted,
  type ScanRecord,
  type SeatState,
  type Stay,
  scanRecorded,
  scanUndone,
  seatConfirmed,
  seatReleased,
  seatWaitlisted,
  staysChanged,
  subForumScheduled,
  type Topic,
} from '@plenary/contracts';
import { newId } from '@plenary/platform';
import fc from 'fast-check';

export interface Told {
  topic: Topic;
  /** What a partition keeps in order. */
  lane: string;
  event: { type: string; subject: string; partition: number; body: Record<string, unknown> };
}

/** One thing that happens; numbers are taken modulo what there is. */
export interface Step {
  kind: 'register' | 'cancel' | 'erase' | 'seat' | 'enter' | 'leave' | 'refuse' | 'undo';
  person: number;
  place: number;
  minutesAgo: number;
  option: number;
}
export const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom(
      'register',
      'register',
      'cancel',
      'erase',
      'seat',
      'seat',
      'enter',
      'enter',
      'leave',
      'refuse',
      'undo',
    ),
    person: fc.nat(4),
    place: fc.nat(2),
    minutesAgo: fc.nat(20),
    option: fc.nat(11),
  }),
  { minLength: 5, maxLength: 45 },
);

export const at = new Date('2026-05-21T10:00:00.000Z');
const ago = (minutes: number) => new Date(at.getTime() - minutes * 60_000 - 1000).toISOString();

const later = (...instants: string[]) => instants.sort().at(-1) as string;

interface Person {
  id: string;
  version: number;
  state: RegistrationState | undefined;
  erased: boolean;
  seats: Map<string, SeatState>;
  stays: Stay[];
  staysVersion: number;
}

/** A small conference: what its services told, in the order in which it happened, and what a board must show after it. */
export class History {
  readonly conferenceId = newId();
  readonly told: Told[] = [];
  readonly subForumIds = [newId(), newId()];
  private readonly gateIds = [newId(), newId(), newId()];
  private readonly delegationIds = [newId(), newId()];
  private readonly people: Person[] = Array.from({ length: 5 }, () => ({
    id: newId(),
    version: 0,
    state: undefined,
    erased: false,
    seats: new Map(),
    stays: [],
    staysVersion: 0,
  }));
  private readonly scans: (ScanRecord & { undone: boolean })[] = [];

  constructor(whatHappens: readonly Step[]) {
    for (const [n, subForumId] of this.subForumIds.entries()) this.schedule(subForumId, n);
    for (const [n, gateId] of this.gateIds.entries()) this.openGate(gateId, n);
    for (const [n, delegationId] of this.delegationIds.entries()) {
      const leader = { name: 'Leader', email: null };
      const body = { delegationId, name: `Delegation ${n}`, quota: null, leader, linkGeneration: 1, version: 1 };
      this.tell(delegationAnnounced, { ...body, conferenceId: this.conferenceId, at: ago(60) });
    }
    for (const step of whatHappens) this.happen(step);
  }

  private happen(step: Step): void {
    const person = this.people[step.person] as Person;
    if (step.kind === 'register') this.register(person, step);
    else if (step.kind === 'cancel') this.cancel(person);
    else if (step.kind === 'erase') this.erase(person, step);
    else if (step.kind === 'seat') this.seat(person, step);
    else if (step.kind === 'enter') this.enter(person, step);
    else if (step.kind === 'leave') this.leave(person, step);
    else if (step.kind === 'refuse') this.scan(person, step, 'none');
    else this.undo(step);
  }

  private cancel(person: Person): void {
    if (person.state?.status !== 'approved') return;
    this.registration(person, registrationCancelled, { ...person.state, status: 'cancelled' });
  }

  private register(person: Person, { option }: Step): void {
    if (person.erased) return;
    const delegationId = this.delegationIds[option % 3] ?? null;
    if (person.state) {
      const event = person.state.status === 'cancelled' ? registrationReinstated : registrationAmended;
      this.registration(person, event, { ...person.state, status: 'approved', delegationId });
      return;
    }
    this.registration(person, registrationSubmitted, {
      version: 0,
      registrationId: person.id,
      conferenceId: this.conferenceId,
      status: option % 2 ? 'approved' : 'pending',
      category: 'delegate',
      locale: 'en',
      delegationId,
      person: { name: 'P', latinName: null, email: null, organisation: null, jobTitle: null, country: null },
      subForumIds: [],
      linkGeneration: 1,
      createdAt: ago(50),
      at: ago(50),
    });
  }

  private registration(
    person: Person,
    event:
      | typeof registrationSubmitted
      | typeof registrationCancelled
      | typeof registrationReinstated
      | typeof registrationAmended,
    state: RegistrationState,
  ): void {
    person.version += 1;
    person.state = { ...state, version: person.version };
    this.tell(event as typeof registrationSubmitted, person.state);
  }

  private erase(person: Person, { option }: Step): void {
    if (!person.state || person.erased || option > 0) return;
    person.erased = true;
    person.version += 1;
    const body = { version: person.version, registrationId: person.id, conferenceId: this.conferenceId, at: ago(1) };
    this.tell(registrationErased, body);
  }

  private seat(person: Person, { place, option }: Step): void {
    const subForumId = this.subForumIds[place % 2] as string;
    const old = person.seats.get(subForumId);
    const isHeld = old?.state === 'confirmed' || old?.state === 'waitlisted';
    const state = isHeld && option % 2 ? 'released' : option % 3 ? 'confirmed' : 'waitlisted';
    const seat: SeatState = {
      version: (old?.version ?? 0) + 1,
      requestId: newId(),
      registrationId: person.id,
      subForumId,
      conferenceId: this.conferenceId,
      state,
      position: null,
      place: 1,
      reason: state === 'released' ? (option % 4 === 1 ? 'no_show' : 'withdrawn') : null,
      promoted: false,
      outOfTurn: false,
      at: ago(30),
    };
    person.seats.set(subForumId, seat);
    const events = { confirmed: seatConfirmed, waitlisted: seatWaitlisted, released: seatReleased };
    this.tell(events[state] as typeof seatConfirmed, seat);
  }

  /** An entry, also one that arrives late from an offline door; what is open at that level is closed by it. */
  private enter(person: Person, step: Step): void {
    const { place, option } = step;
    const subForumId = this.subForumIds[place] ?? null;
    const enteredAt = ago(step.minutesAgo);
    for (const stay of person.stays) {
      if ((stay.subForumId === null) !== (subForumId === null) || stay.exitedAt !== null) continue;
      stay.exitedAt = later(enteredAt, stay.enteredAt);
      stay.exit = 'inferred';
    }
    const scan = this.scan(person, step, 'admitted');
    person.stays.push({
      level: subForumId === null ? 'venue' : 'room',
      subForumId,
      scanId: scan.scanId,
      gateId: scan.gateId,
      enteredAt,
      detail: option % 3 ? 'first' : 'walk_in',
      exitedAt: null,
      exit: null,
    });
    this.staysOf(person);
  }

  private leave(person: Person, step: Step): void {
    const open = person.stays.filter(({ exitedAt }) => exitedAt === null);
    const stay = open[step.option % Math.max(open.length, 1)];
    if (!stay) return;
    this.scan(person, step, 'exited');
    stay.exitedAt = later(ago(0), stay.enteredAt);
    stay.exit = 'scan';
    this.staysOf(person);
  }

  private staysOf(person: Person): void {
    person.staysVersion += 1;
    this.tell(staysChanged, {
      version: person.staysVersion,
      registrationId: person.id,
      conferenceId: this.conferenceId,
      stays: person.stays.map((stay) => ({ ...stay })),
      at: ago(0),
    });
  }

  private scan(person: Person, step: Step, outcome: ScanRecord['outcome']): ScanRecord {
    const reason = outcome === 'none' ? (step.option % 2 ? 'no_seat' : 'too_early') : null;
    const record: ScanRecord = {
      version: 1,
      scanId: newId(),
      conferenceId: this.conferenceId,
      registrationId: person.id,
      gateId: this.gateIds[step.place] as string,
      subForumId: this.subForumIds[step.place] ?? null,
      deviceId: null,
      staffId: null,
      direction: outcome === 'exited' ? 'exit' : 'entry',
      method: 'token',
      correctedAt: ago(step.minutesAgo),
      receivedAt: ago(0),
      verdict: outcome === 'none' ? 'refused' : outcome,
      detail: null,
      reason,
      acted: null,
      outcome,
      conflictId: null,
    };
    this.scans.push({ ...record, undone: false });
    this.tell(scanRecorded, record);
    return record;
  }

  private undo({ option }: Step): void {
    const scan = this.scans[option % Math.max(this.scans.length, 1)];
    if (!scan || scan.undone) return;
    scan.undone = true;
    const { scanId, conferenceId, registrationId, gateId, subForumId } = scan;
    const who = { registrationId, gateId, subForumId, deviceId: null, staffId: null };
    this.tell(scanUndone, { version: 2, scanId, conferenceId, ...who, undoneAt: ago(0), at: ago(0) });
  }

  private schedule(subForumId: string, n: number): void {
    this.tell(subForumScheduled, {
      version: 1,
      subForumId,
      conferenceId: this.conferenceId,
      code: `S${n}`,
      title: { en: `Sub-forum ${n}` },
      abstract: null,
      track: null,
      room: `Room ${n}`,
      floor: null,
      startsAt: ago(30),
      endsAt: ago(-60),
      hosts: [],
      supporters: [],
      sessions: [],
      crew: [],
      admission: 'seat',
      capacity: 10,
      reserved: 0,
      reservedUntil: null,
      roomCap: null,
      categories: [],
      walkIn: 'off',
      reEntry: true,
      releaseNoShowsAfterMinutes: null,
      state: 'scheduled',
      at: ago(90),
    });
  }

  private openGate(gateId: string, n: number): void {
    this.tell(gateChanged, {
      version: 1,
      gateId,
      conferenceId: this.conferenceId,
      subForumId: this.subForumIds[n] ?? null,
      name: `Gate ${n}`,
      direction: 'both',
      open: true,
      opensBeforeMinutes: 30,
      closesAfterMinutes: 0,
      opensAt: null,
      closesAt: null,
      reEntry: true,
      categories: [],
      missedExit: false,
      rosterMaxAgeMinutes: 240,
      at: ago(90),
    });
  }

  private tell<Event extends EventDefinition>(definition: Event, body: BodyOf<Event>): void {
    const key = definition.key(body as never);
    // Two partitions per topic.
    const partition = Number.parseInt(key.slice(-1), 16) % 2;
    this.told.push({
      topic: definition.topic,
      lane: `${definition.topic.name}/${partition}`,
      event: {
        type: definition.type,
        subject: definition.subject(body as never),
        partition,
        body: structuredClone(body) as Record<string, unknown>,
      },
    });
  }

  /** Counted by walking through everything again and again: slow, plain, and written apart from the service. */
  expected(): Attendance {
    const living = this.people.filter(({ state, erased }) => state && !erased && state.status !== 'cancelled');
    const came = (person: Person) => person.stays.length > 0;
    const recent = (instant: string, minutes: number) => Date.parse(instant) > at.getTime() - minutes * 60_000;
    const firstAt = (person: Person, place: string | null) =>
      person.stays
        .filter(({ subForumId }) => subForumId === place)
        .map(({ enteredAt }) => enteredAt)
        .sort()[0];
    const seatsIn = (test: (seat: SeatState) => boolean) =>
      this.people.flatMap(({ seats }) => [...seats.values()]).filter(test).length;
    const rate = (n: number) => Math.round((n / 5) * 100) / 100;
    const arrivals = this.people.flatMap(({ stays }) =>
      stays.filter((stay, index) => {
        const before = stays.filter((other, position) =>
          other.enteredAt === stay.enteredAt ? position < index : other.enteredAt < stay.enteredAt,
        );
        const isInside = before.some(({ exitedAt }) => exitedAt === null || exitedAt >= stay.enteredAt);
        return !isInside && recent(stay.enteredAt, 5);
      }),
    );
    return {
      at: at.toISOString(),
      totals: {
        registered: living.length,
        admitted: this.people.filter(came).length,
        inside: this.people.filter(({ stays }) => stays.some(({ exitedAt }) => exitedAt === null)).length,
        confirmed: seatsIn(({ state }) => state === 'confirmed'),
        waitlisted: seatsIn(({ state }) => state === 'waitlisted'),
        arrivalsPerMinute: rate(arrivals.length),
      },
      subForums: this.subForumIds.map((subForumId, n) => {
        const here = this.people.filter((person) => firstAt(person, subForumId));
        const staysHere = this.people.flatMap(({ id, stays }) =>
          stays.filter((stay) => stay.subForumId === subForumId).map((stay) => ({ id, ...stay })),
        );
        return {
          subForumId,
          code: `S${n}`,
          title: { en: `Sub-forum ${n}` },
          track: null,
          room: `Room ${n}`,
          floor: null,
          startsAt: ago(30),
          endsAt: ago(-60),
          state: 'scheduled',
          capacity: 10,
          roomCap: null,
          confirmed: seatsIn((seat) => seat.subForumId === subForumId && seat.state === 'confirmed'),
          waitlisted: seatsIn((seat) => seat.subForumId === subForumId && seat.state === 'waitlisted'),
          admitted: here.length,
          inside: staysHere.filter(({ exitedAt }) => exitedAt === null).length,
          noShows: seatsIn((seat) => seat.subForumId === subForumId && seat.reason === 'no_show'),
          walkIns: new Set(staysHere.filter(({ detail }) => detail === 'walk_in').map(({ id }) => id)).size,
          arrivalsPerMinute: rate(here.filter((person) => recent(firstAt(person, subForumId) as string, 5)).length),
          forecastFullAt: null,
        };
      }),
      gates: this.gateIds.map((gateId, n) => {
        const scans = this.scans.filter((scan) => scan.gateId === gateId);
        const refusals: Record<string, number> = {};
        for (const { reason, undone } of scans) {
          if (reason && !undone) refusals[reason] = (refusals[reason] ?? 0) + 1;
        }
        return {
          gateId,
          name: `Gate ${n}`,
          subForumId: this.subForumIds[n] ?? null,
          scansPerMinute: rate(scans.filter(({ correctedAt }) => recent(correctedAt, 5)).length),
          refusals,
          lastScanAt:
            scans
              .map(({ correctedAt }) => correctedAt)
              .sort()
              .at(-1) ?? null,
        };
      }),
      delegations: this.delegationIds.map((delegationId, n) => {
        const members = living.filter(({ state }) => state?.delegationId === delegationId);
        const arrived = members.filter(came).length;
        return { delegationId, name: `Delegation ${n}`, registered: members.length, arrived };
      }),
    };
  }
}
