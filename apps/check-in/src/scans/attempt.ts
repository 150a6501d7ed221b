import { createHash, timingSafeEqual } from 'node:crypto';
import { type BadgeClaims, parseBadge } from '@plenary/badge-token';
import type { Scan } from '@plenary/contracts';
import { correctedTime } from '@plenary/door-rules';
import { type Caller, Problem } from '@plenary/platform';

/** A scan as it arrived, with what can be told of it without asking anybody. */
export interface Attempt {
  readonly scan: Scan;
  readonly caller: Extract<Caller, { kind: 'device' | 'staff' }>;
  readonly scanId: string;
  readonly gateId: string;
  /** Set for a scan by name. */
  readonly registrationId: string | undefined;
  /** What the token says of itself; undefined: not a badge's text, or a scan by name. */
  readonly claims: BadgeClaims | undefined;
  /** SHA-256 of the token's text, hex. */
  readonly tokenHash: string;
  /** Tells a repeat from a reused id: all of the scan but `acted`, which may follow later. */
  readonly requestHash: string;
  /** Epoch ms. */
  readonly scannedAt: number;
  readonly receivedAt: number;
  readonly at: number;
}

/** 422 `scanned_at_implausible` for a clock that is centuries off. */
export function attemptOf(scan: Scan, caller: Attempt['caller'], receivedAt: number): Attempt {
  const scannedAt = Date.parse(scan.scannedAt);
  const at = correctedTime(scannedAt, scan.clockOffsetMs, receivedAt);
  if (!(at > earliest && scannedAt > earliest && scannedAt < latest)) {
    throw new Problem(422, 'scanned_at_implausible', 'This clock is centuries off. Set the clock of the device.');
  }
  const tokenHash = createHash('sha256')
    .update(scan.token ?? '')
    .digest('hex');
  const registrationId = scan.registrationId?.toLowerCase();
  const gateId = scan.gateId.toLowerCase();
  return {
    scan,
    caller,
    scanId: scan.scanId.toLowerCase(),
    gateId,
    registrationId,
    claims: scan.token === undefined ? undefined : parseBadge(scan.token)?.claims,
    tokenHash,
    requestHash: createHash('sha256')
      .update(
        JSON.stringify([gateId, scan.direction, registrationId ?? tokenHash, scannedAt, scan.clockOffsetMs ?? null]),
      )
      .digest('hex'),
    scannedAt,
    receivedAt,
    at,
  };
}

const earliest = Date.parse('1900-01-01T00:00:00Z');
const latest = Date.parse('9000-01-01T00:00:00Z');

export function sameHash(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
