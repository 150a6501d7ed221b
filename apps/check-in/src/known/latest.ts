/** The newest event of each subject in a chunk: an upsert can touch a row only once, and only the last state counts. */
export function latest<Event extends { readonly subject: string }>(events: readonly Event[]): Event[] {
  return [...new Map(events.map((event) => [event.subject, event])).values()];
}
