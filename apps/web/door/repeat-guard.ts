/** A badge held before the camera is one scan; shown again after this time, and after it was away, it is another. */
export const REPEAT_MS = 4_000;
/** Decoders miss frames: away is what was not seen for so long. */
export const AWAY_MS = 600;

/**
 * Says which of the codes that a camera sees are news: another code always is, the same one only when 4 s have passed since
 * it was taken and it has left the frame meanwhile.
 */
export class RepeatGuard {
  private last: { text: string; takenAt: number; seenAt: number; wasAway: boolean } | undefined;

  /** `at`: ms on any steady clock. */
  isNews(text: string, at: number): boolean {
    const { last } = this;
    if (last?.text === text) {
      if (at - last.seenAt >= AWAY_MS) last.wasAway = true;
      last.seenAt = at;
      if (!last.wasAway || at - last.takenAt < REPEAT_MS) return false;
    }
    this.last = { text, takenAt: at, seenAt: at, wasAway: false };
    return true;
  }

  /** Something else was scanned by other means: what the camera still sees stays old news for as long. */
  reset(): void {
    this.last = undefined;
  }
}
