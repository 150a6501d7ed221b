import type { EventDefinition } from '@plenary/contracts';
import type { Received } from './handlers';

/** A message of a topic as far as it can be read; reading it never throws. */
export interface Incoming {
  readonly partition: number;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer | null;
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

/** Reads headers, version and JSON. A message without a subject is a subject of its own, by its key or else its place. */
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
  const type = headers.ce_type ?? '';
  const key = message.key ? plain(message.key.toString()) : undefined;
  return {
    partition,
    offset: message.offset,
    key: message.key,
    headers,
    value: message.value,
    type,
    subject: headers.ce_subject ?? key ?? `${partition}/${message.offset}`,
    version: Number.isSafeInteger(version) && Number(version) < 2_147_483_647 ? Number(version) : undefined,
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

/** PostgreSQL stores no NUL in text: such a header could never even be parked. */
function plain(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}
