/**
 * Gathers calls that come close together into groups, so that a group pays once for what each would have paid.
 * Up to `inFlight` groups run at a time; the first call of a quiet moment waits for no other. Two calls of one key never
 * share a group.
 */
export class Groups<Call, Result> {
  private waiting: Waiting<Call, Result>[] = [];
  private running = 0;
  private scheduled = false;

  /** @param run answers one result per call, in order, and does not reject */
  constructor(
    private readonly run: (calls: Call[]) => Promise<Result[]>,
    private readonly options: { size: number; inFlight: number; keyOf: (call: Call) => string },
  ) {}

  add(call: Call): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ call, resolve, reject });
      this.schedule();
    });
  }

  /** Calls of one turn of the event loop are seen together. */
  private schedule(): void {
    if (this.scheduled || this.running >= this.options.inFlight) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      while (this.running < this.options.inFlight && this.waiting.length > 0) void this.start();
    });
  }

  private async start(): Promise<void> {
    const group = this.take();
    this.running++;
    try {
      const results = await this.run(group.map(({ call }) => call));
      group.forEach(({ resolve }, index) => {
        resolve(results[index] as Result);
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      this.running--;
      this.schedule();
    }
  }

  private take(): Waiting<Call, Result>[] {
    const group: Waiting<Call, Result>[] = [];
    const left: Waiting<Call, Result>[] = [];
    const keys = new Set<string>();
    for (const one of this.waiting) {
      const key = this.options.keyOf(one.call);
      if (group.length < this.options.size && !keys.has(key)) group.push(one);
      else left.push(one);
      keys.add(key);
    }
    this.waiting = left;
    return group;
  }
}

interface Waiting<Call, Result> {
  readonly call: Call;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}
