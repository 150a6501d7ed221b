/**
 * What one client asked for and was answered, as that client saw it. Times are milliseconds on the one monotonic clock of
 * the process that records.
 *
 * An operation took effect at one instant between `called` and `answered`. Where the effect comes later than the HTTP
 * answer (a seat is decided in a queue), `answered` is when the client first saw that it had come. What is read from a
 * copy that lags but never goes back has the time of the client's own request as `called`: it tells of any instant since.
 */
export interface Operation<Deed> {
  /** Does one thing after another: what it was answered took effect in the order in which the history lists it. */
  readonly client: string;
  readonly called: number;
  /** undefined: no answer came. It may have taken effect at any time since, or never. */
  readonly answered: number | undefined;
  readonly deed: Deed;
}

/** The rules by which one thing may happen after another: all that is known of the system under test. */
export interface Model<State, Deed> {
  readonly initial: State;
  /** The state after the deed, the same object where it changes nothing; undefined where it can't have happened then. */
  step(state: State, deed: Deed): State | undefined;
  /** Equal for equal states, different for others. */
  keyOf(state: State): string;
  /** What was asked without what was answered; undefined for a deed that only reads, since without its answer it says nothing. */
  unanswered(deed: Deed): Deed | undefined;
  /** One line for people. */
  tell(deed: Deed): string;
  show(state: State): string;
}

interface Entry<Deed> {
  client: string;
  called: number;
  answered: number | undefined;
  deed: Deed;
}

/** Records at the clients what one object (a sub-forum, a room) was asked and answered. */
export class Recorder<Deed> {
  private entries: Entry<Deed>[] = [];

  constructor(readonly now: () => number = () => performance.now()) {}

  /** Notes a deed before it is sent. It stays without an answer until it gets one. */
  begin(client: string, deed: Deed, called = this.now()): Begun<Deed> {
    const entry: Entry<Deed> = { client, called, answered: undefined, deed };
    this.entries.push(entry);
    return {
      answered: (told = deed) => {
        if (entry.answered === undefined) Object.assign(entry, { answered: this.now(), deed: told });
      },
      never: () => {
        this.entries = this.entries.filter((one) => one !== entry);
      },
    };
  }

  /** Notes what was read just now; `called`: since when it may have been so. */
  read(client: string, deed: Deed, called: number): void {
    this.begin(client, deed, called).answered();
  }

  get operations(): readonly Operation<Deed>[] {
    return this.entries;
  }
}

/** An operation on its way. */
export interface Begun<Deed> {
  /** Its effect has been seen; `told`: the deed with what was answered. The first call counts. */
  answered(told?: Deed): void;
  /** It was refused: it took no effect and never will. */
  never(): void;
}
