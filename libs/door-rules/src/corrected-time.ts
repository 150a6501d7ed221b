/**
 * When a scan happened: what the device's clock said plus how far it was off (`clockOffsetMs`: server minus device),
 * never later than the server received it. Epoch milliseconds. It orders everything at a door.
 */
export function correctedTime(scannedAt: number, clockOffsetMs: number | undefined, receivedAt: number): number {
  return Math.min(scannedAt + (clockOffsetMs ?? 0), receivedAt);
}

/** A scan may be taken back until then. */
export function undoableUntil(correctedAt: number): number {
  return correctedAt + 15 * 60_000;
}
