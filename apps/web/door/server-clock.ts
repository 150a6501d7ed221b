/** Samples older than this are no longer trusted over newer, rougher ones: clocks drift, phones sleep. */
const FRESH_MS = 10 * 60_000;
/** A `Date` header speaks in whole seconds. */
const HEADER_MS = 500;

interface Sample {
  /** Server time less the steady clock, ms. */
  ahead: number;
  /** How far it may be wrong, ms. */
  within: number;
  /** Steady clock. */
  takenAt: number;
}

/**
 * How far this device's clock is from the server's, from the times in answers; carried on the steady clock, so that setting
 * the device's clock in between spoils nothing.
 */
export class ServerClock {
  private best: Sample | undefined;

  constructor(
    private readonly steady: () => number = () => performance.now(),
    private readonly wall: () => number = () => Date.now(),
  ) {}

  /** When a request is sent; give it to `learn` with the answer. */
  start(): number {
    return this.steady();
  }

  /** `decidedAt` is exact to the millisecond, the header of an answer to a second. */
  learn(startedAt: number, told: { decidedAt?: string | undefined; date?: string | null }): void {
    const now = this.steady();
    const exact = Date.parse(told.decidedAt ?? '');
    const at = Number.isNaN(exact) ? Date.parse(told.date ?? '') + HEADER_MS : exact;
    if (Number.isNaN(at)) return;
    const half = (now - startedAt) / 2;
    const sample = {
      ahead: at - (startedAt + half),
      within: half + (Number.isNaN(exact) ? HEADER_MS : 0),
      takenAt: now,
    };
    const { best } = this;
    if (!best || sample.within <= best.within || now - best.takenAt > FRESH_MS) this.best = sample;
  }

  /** Server minus device, whole ms; undefined before the first answer. */
  offsetMs(): number | undefined {
    if (!this.best) return undefined;
    return Math.round(this.best.ahead + this.steady() - this.wall());
  }
}
