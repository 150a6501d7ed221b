import { Problem } from './problem';

export interface AnswerOptions {
  status?: number;
  /** A tag as `etag()` makes it, with its quotes. */
  etag?: string;
  headers?: Record<string, string>;
}

/** Return it instead of a plain body to set more. A plain body is sent with the route's status. */
export class Answer<Body = unknown> {
  constructor(
    readonly body: Body,
    readonly options: AnswerOptions = {},
  ) {}
}

/** A stream route's method returns one of these; each item is sent as one event. Heartbeats are added. */
export type EventStream<Data = unknown> = AsyncIterable<{ id?: string; data: Data }>;

/** ETag of a version, as the header wants it: `"7"`. */
export function etag(version: number): string {
  return `"${version}"`;
}

/** 412 `stale` unless `ifMatch` (without quotes, as `@IfMatch()` gives it) names the version or is `*`. */
export function requireMatch(ifMatch: string, version: number): void {
  if (ifMatch === '*' || ifMatch.split(/\s*,\s*/).some((tag) => untagged(tag) === String(version))) return;
  throw new Problem(412, 'stale', 'This was changed since you read it. Read it again, then repeat your change.');
}

/** The opaque part of an entity tag: `W/"7"` and `"7"` -> `7`. */
export function untagged(tag: string): string {
  return tag.trim().replace(/^(?:W\/)?"(.*)"$/, '$1');
}

/** Does `If-None-Match` name this tag? Weak comparison, as RFC 9110 asks for it. */
export function noneMatch(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((one) => untagged(one) === untagged(tag));
}
