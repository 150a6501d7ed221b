// Interface agreed before the implementation; each part moves to a file of its own.
import type { DynamicModule, Type } from '@nestjs/common';
import type { Grant, Locale, Role, RouteDefinition, ServiceName } from '@plenary/contracts';
import type { SnapshotSource, Tx } from '@plenary/messaging';

/** bootstrap.ts: starts a service: HTTP, consumer, relay, health, shutdown. */
export declare function bootstrap(module: Type, service: ServiceName): Promise<void>;

/** platform.module.ts: global; provides Database, Changes, LinkTokens, Config to the service's own providers. */
export declare class PlatformModule {
  static forService(options: {
    service: ServiceName;
    /** Providers that can repeat the service's state. */
    snapshots?: Type<SnapshotSource>[];
    /** Tells the current link generation; needed where delegates or leaders call. */
    links?: Type<LinkGenerations>;
    /** Tells the state of a device; needed where doors call. */
    devices?: Type<KnownDevices>;
  }): DynamicModule;
}

/** problem.ts: an error that people get to read. */
export declare class Problem extends Error {
  constructor(
    status: number,
    code: string,
    detail: string,
    extra?: { errors?: { path: string; code: string; message: string }[]; retryAfterSeconds?: number },
  );
  readonly status: number;
  readonly code: string;
  static notFound(what: string): Problem;
}

/** caller.ts */
export type Caller =
  | { kind: 'anonymous'; address: string }
  | { kind: 'staff'; id: string; admin: boolean; grants: Grant[] }
  | { kind: 'device'; id: string; conferenceId: string }
  | { kind: 'delegate'; registrationId: string; conferenceId: string }
  | { kind: 'leader'; delegationId: string; conferenceId: string };
/**
 * Demands that the caller has one of the roles in this conference (a co-host: for this sub-forum).
 * Organiser covers all staff roles, admin is organiser everywhere. No role there at all: 404; another role: 403 `role_required`.
 * A device counts as `door` in its conference, a delegate or leader as such in theirs.
 */
export declare function authorise(
  caller: Caller,
  roles: readonly Role[],
  scope: { conferenceId: string; subForumId?: string },
): void;
/** Has the caller this role there? For answers that differ by role. */
export declare function holds(
  caller: Caller,
  role: Role,
  scope: { conferenceId: string; subForumId?: string },
): boolean;
export interface LinkGenerations {
  /** undefined: not known (yet). */
  current(kind: 'delegate' | 'leader', id: string): Promise<{ generation: number; conferenceId: string } | undefined>;
}
export interface KnownDevices {
  /** undefined: not known (yet): the guard waits up to 2 s for it. */
  find(
    id: string,
  ): Promise<{ conferenceId: string; state: 'pending' | 'enrolled' | 'revoked'; tokenGeneration: number } | undefined>;
}
/** link-tokens.ts: base64url(kind, id, generation, HMAC-SHA-256 under LINK_KEY); constant-time check. */
export declare class LinkTokens {
  make(kind: 'delegate' | 'leader', id: string, generation: number): string;
  parse(token: string): { kind: 'delegate' | 'leader'; id: string; generation: number } | undefined;
}

/** route.ts: applies a contract's route to a controller method: method, path, validation, roles, limits, status, media type. */
export declare function Handles(route: RouteDefinition): MethodDecorator;
/** Parameters of such a method. */
export declare function Input(): ParameterDecorator; // InputOf<typeof route>
export declare function By(): ParameterDecorator; // Caller
export declare function Wait(): ParameterDecorator; // number: ms of Prefer: wait, 0 without
export declare function IfMatch(): ParameterDecorator; // string: the opaque tag without quotes
export declare function Once(): ParameterDecorator; // IdempotencyKey | undefined
export declare function Language(): ParameterDecorator; // Locale by Accept-Language
export declare function LastEventId(): ParameterDecorator; // string | undefined
export type { Locale };

/** answer.ts: return it instead of a plain body to set more. A plain body is sent with the route's status. */
export declare class Answer<Body = unknown> {
  constructor(body: Body, options?: { status?: number; etag?: string; headers?: Record<string, string> });
}
/** ETag of a version; 412 `stale` unless `ifMatch` names it (or is `*`). The guard has already answered 428 where none was sent. */
export declare function etag(version: number): string;
export declare function requireMatch(ifMatch: string, version: number): void;
/** A stream route's method returns one of these; each item is sent as one event. Heartbeats are added. */
export type EventStream = AsyncIterable<{ id?: string; data: unknown }>;

/** paging.ts: opaque keyset cursors. A cursor that does not decode to `shape`: 400 `cursor_invalid`. */
export declare function encodeCursor(values: readonly (string | number | null)[]): string;
export declare function decodeCursor(
  cursor: string | undefined,
  length: number,
): (string | number | null)[] | undefined;

/** idempotency.ts: runs `work` once per key, inside the same transaction; a repeat gets the stored result (JSON, no tokens in it). */
export interface IdempotencyKey {
  readonly scope: string;
  readonly key: string;
  readonly requestHash: string;
}
export declare function once<T>(tx: Tx, key: IdempotencyKey | undefined, work: () => Promise<T>): Promise<T>;

/** changes.ts: what changed in this schema, on whichever replica: NOTIFY after commit, coalesced, with a 250 ms poll. */
export declare class Changes {
  /** Announces after the commit of `tx` that `key` (an id, or `conference/<id>`) changed. */
  touch(tx: Tx, key: string): void;
  /** Runs `check` now and after each change of `key` (or poll) until it answers something, at most `ms`; else undefined. */
  waitFor<T>(key: string, ms: number, check: () => Promise<T | undefined>): Promise<T | undefined>;
  /** Yields at once, then after each change of `key`, coalesced; ends when `signal` aborts. */
  watch(key: string, signal?: AbortSignal): AsyncIterable<void>;
}

/** audit.ts: one record for each staff command, in the command's own transaction. */
export declare function audit(
  tx: Tx,
  caller: Caller,
  record: {
    conferenceId: string | null;
    action: string;
    target: { kind: string; id: string };
    reason?: string | undefined;
    details?: Record<string, string | number | boolean | null>;
  },
): Promise<void>;

/** ids.ts */
export declare function newId(): string; // UUIDv7

/** config.ts: parsed once with zod at boot; a missing secret stops the boot with one clear line. */
export declare class Config {
  readonly service: ServiceName;
  readonly port: number;
  readonly host: string;
  readonly databaseUrl: string;
  readonly brokers: string[];
  readonly publicUrl: string;
  readonly identityUrl: string;
  readonly linkKey: Buffer;
  readonly demo: boolean;
}
