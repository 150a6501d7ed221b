/** How long a replica that could not be reached is passed over. */
const REST_MS = 2000;

/** The replicas of one service, taken in turn; one that could not be reached rests for a moment. */
export class Replicas {
  private turn = 0;
  private readonly restsUntil = new Map<string, number>();

  constructor(readonly origins: readonly string[]) {}

  /** The next one that is not in `tried`; all rest: the next of them, for it may be back. undefined: all were tried. */
  next(tried: ReadonlySet<string> = new Set(), now = Date.now()): string | undefined {
    const left = this.origins.filter((origin) => !tried.has(origin));
    const awake = left.filter((origin) => (this.restsUntil.get(origin) ?? 0) <= now);
    const candidates = awake.length > 0 ? awake : left;
    return candidates[this.turn++ % Math.max(1, candidates.length)];
  }

  failed(origin: string, now = Date.now()): void {
    this.restsUntil.set(origin, now + REST_MS);
  }

  answered(origin: string): void {
    this.restsUntil.delete(origin);
  }
}
