import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { conferenceTagOf, encodeBadge, messageOf } from '@plenary/badge-token';
import {
  type BadgeState,
  badgeIssued,
  badgeKeyPublished,
  badgeRevoked,
  conferenceAnnounced,
  type DeviceState,
  defaultCategories,
  deviceChanged,
  type EventDefinition,
  type RegistrationState,
  registrationApproved,
  registrationErased,
  type Scan,
  type SeatState,
  type SubForumState,
  seatConfirmed,
  subForumScheduled,
  type Verdict,
} from '@plenary/contracts';
import type { Database, Received } from '@plenary/messaging';
import { type Caller, Changes, newId } from '@plenary/platform';
import { type TestDatabase, testDatabase } from '@plenary/testing';
import { Conflicts } from './conflicts/conflicts.service';
import { automaticGateId } from './gates/automatic-gates';
import { GateCounter } from './gates/gate-counts.service';
import { Gates } from './gates/gates.service';
import { GateSearch } from './gates/search.service';
import { KnownBadges } from './known/badges';
import { ConferenceBySlug } from './known/conference-by-slug';
import { KnownConferences } from './known/conferences';
import { DevicesByAccess, KnownDeviceEvents } from './known/devices';
import { KnownRegistrations } from './known/registrations';
import { KnownSeats } from './known/seats';
import { KnownSubForums } from './known/sub-forums';
import { Judge } from './scans/judge';
import { Scans } from './scans/scans.service';
import { Undo } from './scans/undo.service';
import { Closing } from './stays/closing';

export const minute = 60_000;
export const iso = (at: number) => new Date(at).toISOString();
const key = generateKeyPairSync('ed25519');
const publicKeyOf = (pair: typeof key) => pair.publicKey.export({ format: 'jwk' }).x as string;

export interface Delegate {
  registrationId: string;
  serial: number;
  token: string;
}

/** A replica of the service, without HTTP. */
export class Replica {
  readonly scans: Scans;
  readonly undos: Undo;
  readonly closing: Closing;
  readonly gates: Gates;
  readonly search: GateSearch;
  readonly counter: GateCounter;
  readonly conflicts: Conflicts;

  constructor(database: Database, changes: Changes) {
    const conferences = new ConferenceBySlug(database, changes);
    this.scans = new Scans(new Judge(database, changes));
    this.undos = new Undo(database, changes);
    this.closing = new Closing(database, changes);
    this.gates = new Gates(database, changes, conferences);
    this.search = new GateSearch(database);
    this.counter = new GateCounter(database, changes, new DevicesByAccess(database));
    this.conflicts = new Conflicts(database, conferences);
  }
}

/** A conference with its rooms, people and doors, told to the handlers as the topics would; judged by the service itself. */
export class DoorWorld {
  readonly database: Database;
  readonly replica: Replica;
  readonly devices: DevicesByAccess;
  readonly conferenceId = newId();
  readonly slug = `test-${randomUUID().slice(0, 8)}`;
  readonly keyId = Math.floor(Math.random() * 1e9) + 1;
  readonly timeZone = 'Asia/Shanghai';
  /** Stands at every room and at the venue. */
  door!: Extract<Caller, { kind: 'device' }>;
  readonly supervisor: Extract<Caller, { kind: 'staff' }>;
  readonly changes: Changes;
  private readonly versions = new Map<string, number>();
  private serial = 0;

  private constructor(private readonly own: TestDatabase) {
    this.database = own.database;
    this.changes = new Changes(own.database);
    this.replica = new Replica(own.database, this.changes);
    this.devices = new DevicesByAccess(own.database);
    const { conferenceId } = this;
    this.supervisor = {
      kind: 'staff',
      id: newId(),
      admin: false,
      grants: [{ conferenceId, role: 'supervisor', subForumIds: [] }],
    };
  }

  static async open(): Promise<DoorWorld> {
    const world = new DoorWorld(await testDatabase('check-in'));
    await world.announce();
    world.door = await world.device({ venue: true, rooms: ['Hall A', 'Hall B'] });
    return world;
  }

  async close(): Promise<void> {
    await this.changes.stop();
    await this.own.close();
  }

  anotherReplica(): Replica {
    return new Replica(this.database, this.changes);
  }

  /** Of the service's own role. */
  get url(): string {
    return this.own.url;
  }

  get adminUrl(): string {
    return this.own.adminUrl;
  }

  async announce(conferenceId = this.conferenceId, slug = this.slug, keyId = this.keyId, pair = key): Promise<void> {
    await this.hear(new KnownConferences(this.changes), conferenceAnnounced, {
      ...{ version: this.next(conferenceId), conferenceId, slug, name: { en: 'Test' }, venue: { en: 'Centre' } },
      ...{ timeZone: this.timeZone, startsOn: '2026-05-21', endsOn: '2026-05-22', locales: ['en'] as 'en'[] },
      ...{ categories: defaultCategories, help: {}, breaks: [], state: 'published' as const, mode: 'live' as const },
      ...{ eraseAfterDays: 90, at: iso(Date.now()) },
    });
    await this.hear(new KnownBadges(), badgeKeyPublished, {
      ...{ version: 1, keyId, conferenceId, publicKey: publicKeyOf(pair) },
      ...{ notBefore: iso(0), retiredAt: null, at: iso(0) },
    });
  }

  /** A sub-forum in Hall A that began ten minutes ago and lasts an hour, unless told otherwise; answers id and gate. */
  async subForum(change: Partial<SubForumState> = {}): Promise<{ subForumId: string; gateId: string }> {
    const subForumId = change.subForumId ?? newId();
    await this.hear(new KnownSubForums(this.changes), subForumScheduled, {
      ...{ version: this.next(subForumId), subForumId, conferenceId: this.conferenceId, code: 'SF', abstract: null },
      ...{ title: { en: 'Sub-forum' }, track: null, room: 'Hall A', floor: null, hosts: [], supporters: [] },
      ...{ sessions: [], crew: [], admission: 'seat' as const, capacity: 30, reserved: 0, reservedUntil: null },
      ...{ startsAt: iso(Date.now() - 10 * minute), endsAt: iso(Date.now() + 50 * minute), roomCap: null },
      ...{ categories: [], walkIn: 'off' as const, reEntry: true, releaseNoShowsAfterMinutes: null },
      ...{ state: 'scheduled' as const, at: iso(Date.now()) },
      ...change,
    });
    return { subForumId, gateId: automaticGateId(subForumId) };
  }

  get venueGate(): string {
    return automaticGateId(this.conferenceId);
  }

  /** An approved delegate with a badge, and a confirmed seat in each of these. */
  async delegate(seats: readonly string[] = [], change: Partial<RegistrationState> = {}): Promise<Delegate> {
    const registrationId = newId();
    await this.registration(registrationId, change);
    for (const subForumId of seats) await this.seat(registrationId, subForumId);
    return this.issue(registrationId, ++this.serial, 1);
  }

  async registration(registrationId: string, change: Partial<RegistrationState> = {}): Promise<void> {
    await this.hear(new KnownRegistrations(), registrationApproved, {
      ...{ version: this.next(registrationId), registrationId, conferenceId: this.conferenceId, status: 'approved' },
      ...{ category: 'delegate', locale: 'en', delegationId: null, subForumIds: [], linkGeneration: 1 },
      person: {
        ...{ name: '王小明', latinName: 'Wang Xiaoming', email: 'wang@example.org', organisation: 'Institute' },
        ...{ jobTitle: null, country: null },
      },
      ...{ createdAt: iso(Date.now()), at: iso(Date.now()) },
      ...change,
    } as RegistrationState);
  }

  async erase(registrationId: string): Promise<void> {
    await this.hear(new KnownRegistrations(), registrationErased, {
      ...{ version: 2_147_483_647, registrationId, conferenceId: this.conferenceId, at: iso(Date.now()) },
    });
  }

  async seat(registrationId: string, subForumId: string, change: Partial<SeatState> = {}): Promise<void> {
    await this.hear(new KnownSeats(this.changes), seatConfirmed, {
      ...{ version: this.next(registrationId + subForumId), requestId: newId(), registrationId, subForumId },
      ...{ conferenceId: this.conferenceId, state: 'confirmed' as const, position: null, place: 1, reason: null },
      ...{ promoted: false, outOfTurn: false, at: iso(Date.now()) },
      ...change,
    });
  }

  async issue(registrationId: string, serial: number, revision: number): Promise<Delegate> {
    const token = await this.sign({ serial, revision });
    await this.hear(new KnownBadges(), badgeIssued, this.badge(registrationId, serial, revision, token, 'valid'));
    return { registrationId, serial, token };
  }

  async revoke({ registrationId, serial, token }: Delegate): Promise<void> {
    await this.hear(new KnownBadges(), badgeRevoked, this.badge(registrationId, serial, 1, token, 'revoked'));
  }

  /** A token as the badge service signs it. */
  async sign(
    claims: { serial: number; revision: number; expiresAt?: number },
    { conferenceId = this.conferenceId, keyId = this.keyId, pair = key } = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const whole = {
      ...{ keyId, conferenceTag: await conferenceTagOf(conferenceId), notBefore: now - 3600 },
      ...{ expiresAt: now + 86_400, ...claims },
    };
    return encodeBadge(whole, sign(null, messageOf(whole), pair.privateKey));
  }

  /** An enrolled device with these bindings, from `at` on. */
  async device(
    bindings: Partial<DeviceState['bindings']>,
    { deviceId = newId(), at = Date.now() - 86_400_000 * 3, state = 'enrolled' as DeviceState['state'] } = {},
  ): Promise<Extract<Caller, { kind: 'device' }>> {
    await this.hear(new KnownDeviceEvents(this.changes), deviceChanged, {
      ...{ version: this.next(deviceId), deviceId, conferenceId: this.conferenceId, name: 'Door', state },
      ...{ tokenGeneration: 1, bindings: { venue: false, rooms: [], gateIds: [], ...bindings }, at: iso(at) },
    });
    return { kind: 'device', id: deviceId, conferenceId: this.conferenceId };
  }

  /** A scan's body: entry, now, a new id, unless told otherwise. */
  body(
    gateId: string,
    who: Delegate | { registrationId: string; token?: undefined },
    change: Partial<Scan> = {},
  ): Scan {
    return {
      ...{ scanId: newId(), gateId, direction: 'entry', scannedAt: iso(Date.now()) },
      ...(who.token === undefined ? { registrationId: who.registrationId } : { token: who.token }),
      ...change,
    };
  }

  scan(gateId: string, who: Parameters<DoorWorld['body']>[1], change: Partial<Scan> = {}, caller: Caller = this.door) {
    return this.replica.scans.scan(this.body(gateId, who, change), caller);
  }

  upload(scans: readonly unknown[], caller: Caller = this.door) {
    return this.replica.scans.batch(scans, caller);
  }

  undo(scanId: string, caller: Caller = this.door, body: { undoneAt?: string } = {}): Promise<Verdict> {
    return this.replica.undos.undo({ params: { scanId }, query: {}, body }, caller);
  }

  async inside(placeId: string): Promise<number | undefined> {
    const [room] = await this.database.query<{ inside: number }>('SELECT inside FROM room_states WHERE place_id = $1', [
      placeId,
    ]);
    return room?.inside;
  }

  /** The person's stays as stored: place, exit. */
  async stays({ registrationId }: { registrationId: string }): Promise<[string, string | null][]> {
    const stays = await this.database.query<{ place: string; exit: string | null }>(
      `SELECT coalesce(sub_forum_id, conference_id) AS place, exit FROM stays WHERE registration_id = $1
       ORDER BY entered_at, scan_id`,
      [registrationId],
    );
    return stays.map(({ place, exit }) => [place, exit]);
  }

  /** Bodies of what was published, in order. */
  async published<Body = Record<string, unknown>>(type: string): Promise<Body[]> {
    const events = await this.database.query<{ body: Body }>('SELECT body FROM outbox WHERE type = $1 ORDER BY id', [
      type,
    ]);
    return events.map((event) => event.body);
  }

  async count(table: string): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`);
    return row?.count ?? -1;
  }

  /** Hands one event to its handler, as a consumer would. */
  private async hear<Event extends EventDefinition>(
    handler: { heard(events: never[], context: never): Promise<void> },
    definition: Event,
    body: Record<string, unknown>,
  ): Promise<void> {
    const event = { type: definition.type, definition, body, subject: definition.subject(body as never) };
    await this.database.transaction((tx) =>
      handler.heard([event as unknown as Received<Event>] as never[], { tx, topic: definition.topic } as never),
    );
  }

  private badge(registrationId: string, serial: number, revision: number, token: string, state: BadgeState['state']) {
    return {
      ...{ version: this.next(`badge/${registrationId}`), registrationId, conferenceId: this.conferenceId, state },
      ...{ serial, revision, keyId: this.keyId, tokenHash: createHash('sha256').update(token).digest('hex') },
      ...{ notBefore: iso(Date.now() - 3_600_000), expiresAt: iso(Date.now() + 86_400_000) },
      ...{ since: iso(Date.now()), at: iso(Date.now()) },
    };
  }

  private next(subject: string): number {
    const version = (this.versions.get(subject) ?? 0) + 1;
    this.versions.set(subject, version);
    return version;
  }
}
