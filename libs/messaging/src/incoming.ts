import { createHash } from 'node:crypto';
import type { EventDefinition } from '@plenary/contracts';
import type { Received } from './handlers';
import { tombstone } from './versions';

/** A message of a topic as far as it can be read; reading it never throws. */
export interface Incoming {
  readonly partition: number;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer | null;
  /** Empty: it says none. */
  readonly type: string;
  readonly subject: string;
  readonly version: number | undefined;
  readonly kind: 'event' | 'snapshot' | 'tombstone';
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown;
}

export interface RawMessage {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Record<string, Buffer | string | (Buffer | string)[] | undefined> | undefined;
}

/**
 * Reads headers, version and JSON. A message without a subject is a subject of its own, by its key or else its place;
 * what does not even say its type is no event of anybody's, and stands for itself alone.
 */
export function decode(partition: number, message: RawMessage): Incoming {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) headers[plain(name)] = plain(first.toString());
  }
  let json: unknown;
  try {
    json = JSON.parse(message.value?.toString() ?? '');
  } catch {
    json = undefined;
  }
  const version = (json as { version?: unknown } | null | undefined)?.version;
  const type = short(headers.ce_type ?? '');
  const key = message.key ? plain(message.key.toString()) : undefined;
  return {
    partition,
    offset: message.offset,
    key: message.key,
    headers,
    value: message.value,
    type,
    subject: short((type && (headers.ce_subject ?? key)) || `${partition}/${message.offset}`),
    version: Number.isSafeInteger(version) && isVersion(Number(version)) ? Number(version) : undefined,
    kind: /\.snapshot\.v\d+$/.test(type) ? 'snapshot' : /\.erased\.v\d+$/.test(type) ? 'tombstone' : 'event',
    json,
  };
}

/** The event for its handler; undefined where the body does not fit the contract. */
export function parse(incoming: Incoming, definition: EventDefinition): Received<EventDefinition> | undefined {
  const { headers } = incoming;
  const parsed = definition.body.safeParse(incoming.json);
  if (!parsed.success) return undefined;
  const time = new Date(headers.ce_time ?? Number.NaN);
  return {
    id: headers.ce_id ?? `${definition.topic.name}/${incoming.partition}/${incoming.offset}`,
    type: definition.type,
    definition,
    body: parsed.data,
    subject: incoming.subject,
    time: Number.isNaN(time.getTime()) ? new Date(0) : time,
    partition: incoming.partition,
    offset: incoming.offset,
    traceparent: headers.traceparent,
  };
}

/** A 32-bit number of PostgreSQL's, below that of a tombstone. */
const isVersion = (version: number): boolean => version > 0 && version < tombstone;

/** PostgreSQL indexes no text past 2,704 bytes, and a notice has to fit into a message: else it could never be parked. */
function short(text: string): string {
  return text.length <= 500 ? text : `sha256/${createHash('sha256').update(text).digest('base64url')}`;
}

/** PostgreSQL stores no NUL in text: such a header could never even be parked. */
function plain(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}
