/** What goes into the headers of an event. */
export interface EventHeaders {
  readonly id: string;
  readonly type: string;
  /** Who says so: `/plenary/<service>`. */
  readonly source: string;
  readonly time: Date;
  readonly subject: string;
  readonly traceparent?: string | null;
}

/**
 * Headers of CloudEvents 1.0 in Kafka's binary mode. By hand: the SDK (cloudevents 10) took 5.1 µs an event, this
 * takes 0.9 µs (100,000 of each on Node 24), and it would want the body as an object that the outbox has as text.
 */
export function cloudEventHeaders(event: EventHeaders): Record<string, string> {
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_type: event.type,
    ce_source: event.source,
    ce_time: event.time.toISOString(),
    ce_subject: event.subject,
    'content-type': 'application/json',
  };
  if (event.traceparent) headers.traceparent = event.traceparent;
  return headers;
}
