/** When something takes place; instants are RFC 3339. */
export interface Span {
  id: string;
  startsAt: string;
  endsAt: string;
}

/** Whether two things share any time. One that begins when the other ends shares none. */
export function overlap(one: Span, other: Span): boolean {
  return Date.parse(one.startsAt) < Date.parse(other.endsAt) && Date.parse(other.startsAt) < Date.parse(one.endsAt);
}

/** Which of the chosen take place at the same time as `subForum`, in the order given; never itself. */
export function clashesOf<Chosen extends Span>(subForum: Span, chosen: readonly Chosen[]): Chosen[] {
  return chosen.filter((one) => one.id !== subForum.id && overlap(subForum, one));
}
