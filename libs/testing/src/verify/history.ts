import { events as definitions, topics } from '@plenary/contracts';
import { readTopic } from '@plenary/messaging';

/** One event as it lies in Kafka. */
export interface LoggedEvent {
  topic: string;
  type: string;
  subject: string;
  eventId: string;
  version: number;
  snapshot: boolean;
  body: Record<string, unknown>;
}

/** What the topics tell, folded once. */
export interface History {
  events: number;
  /** By topic and subject: each version with the ids of the events that carried it, snapshots aside. */
  versions: Map<string, Map<number, Set<string>>>;
  /** By topic and subject: the event of the highest version. */
  latest: Map<string, LoggedEvent>;
  /** Every event of these types, in the order of each partition. */
  seats: LoggedEvent[];
  seatRequests: LoggedEvent[];
  subForums: LoggedEvent[];
  scanIds: Set<string>;
  /** Bodies and types that no contract knows. */
  strange: string[];
}

/** `foreign`: places (`topic/partition@offset`) of what no service has said. */
export async function readHistory(brokers: string[], foreign: ReadonlySet<string>): Promise<History> {
  const history: History = {
    events: 0,
    versions: new Map(),
    latest: new Map(),
    seats: [],
    seatRequests: [],
    subForums: [],
    scanIds: new Set(),
    strange: [],
  };
  for (const topic of Object.values(topics)) {
    for await (const record of readTopic({ brokers, topic: topic.name })) {
      const place = `${topic.name}/${record.partition}@${record.offset}`;
      if (foreign.has(place)) continue;
      const type = record.headers.ce_type ?? '';
      const parsed = definitions.get(type)?.body.safeParse(record.body);
      if (!parsed?.success) {
        history.strange.push(`${place}: ${type || 'no type'} does not parse`);
        continue;
      }
      const body = parsed.data as Record<string, unknown>;
      const event: LoggedEvent = {
        topic: topic.name,
        type,
        subject: record.headers.ce_subject ?? '',
        eventId: record.headers.ce_id ?? '',
        version: body.version as number,
        snapshot: definitions.get(type)?.snapshot === true,
        body,
      };
      history.events += 1;
      take(history, event);
    }
  }
  return history;
}

function take(history: History, event: LoggedEvent): void {
  const key = `${event.topic} ${event.subject}`;
  const before = history.latest.get(key);
  if (!before || before.version < event.version) history.latest.set(key, event);
  // After a restore, or once a topic has dropped what is old, a scan is told by its snapshot alone.
  if (['scan.recorded.v1', 'scan.snapshot.v1'].includes(event.type)) history.scanIds.add(event.body.scanId as string);
  if (event.snapshot) return;
  const versions = history.versions.get(key) ?? new Map<number, Set<string>>();
  history.versions.set(key, versions);
  versions.set(event.version, (versions.get(event.version) ?? new Set()).add(event.eventId));
  if (event.topic === topics.seats.name) history.seats.push(event);
  if (event.topic === topics.seatRequests.name) history.seatRequests.push(event);
  if (event.topic === topics.subForums.name) history.subForums.push(event);
}
