import { type AnswerOf, ApiError, type Client, everyItem, type RouteDefinition, type routes } from '@plenary/contracts';

/** What the pages need of a client; a session's own keeps itself signed in. */
export type FreshClient = Pick<Client, 'call' | 'request' | 'watch' | 'all'>;
export type Tokens = AnswerOf<typeof routes.signIn>;

/**
 * `starting`: asking whether there is a session · `signed_out` · `signed_in` · `unreachable`: nobody answered, so nothing is
 * known; `start()` asks again.
 */
export type SessionState = 'starting' | 'signed_out' | 'signed_in' | 'unreachable';

/** What the keeper needs from outside. */
export interface Surroundings {
  /** A client with these credentials. */
  as(token: string): FreshClient;
  refresh(): Promise<Tokens>;
  signIn(email: string, password: string): Promise<Tokens>;
  signOut(): Promise<unknown>;
  /** Runs `work` while no other tab does. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Whether this browser was signed in when last seen; no credential, it only spares a call that must fail. */
  wasSignedIn(): boolean;
  remember(signedIn: boolean): void;
  /** Tells the other tabs. */
  tell(news: 'signed_in' | 'signed_out'): void;
  now(): number;
}

/** Renewed this long before its end, ms: clocks differ, calls take time. */
const EARLY_MS = 45_000;

/**
 * Keeps a member of staff signed in: the access token in memory and nowhere else, renewed by the refresh cookie at the
 * start, before it ends, and once when the server no longer takes it. One refresh at a time.
 */
export class SessionKeeper {
  #state: SessionState = 'starting';
  #tokens: Tokens | undefined;
  #refreshing: Promise<Tokens> | undefined;
  readonly #listeners = new Set<() => void>();
  readonly client: FreshClient;

  constructor(private readonly outside: Surroundings) {
    this.client = this.#freshClient();
  }

  readonly state = (): SessionState => this.#state;

  readonly subscribe = (changed: () => void): (() => void) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };

  /** Finds out whether there is a session; changes `state` and never throws. */
  async start(): Promise<void> {
    if (!this.outside.wasSignedIn()) return this.#become('signed_out');
    if (this.#state !== 'signed_in') this.#become('starting');
    try {
      await this.#refresh();
    } catch {
      // A refusal has already made us signed out.
      if (this.#state === 'starting') this.#become('unreachable');
    }
  }

  /** Throws what the server says: 401 `sign_in_failed`, 429 `sign_in_slowed`. */
  async signIn(email: string, password: string): Promise<void> {
    this.#tokens = await this.outside.signIn(email, password);
    this.outside.remember(true);
    this.outside.tell('signed_in');
    this.#become('signed_in');
  }

  /** Throws where the server did not hear it: then the session lives on, and so it is shown. */
  async signOut(): Promise<void> {
    await this.outside.signOut();
    this.#end();
    this.outside.tell('signed_out');
  }

  /** Another tab signed in or out. */
  heard(news: 'signed_in' | 'signed_out'): void {
    if (news === 'signed_out') this.#end();
    else if (this.#state !== 'signed_in') void this.start();
  }

  /** A token that will last for a while. Throws where there is none. */
  async #token(): Promise<string> {
    const held = this.#tokens;
    if (held && Date.parse(held.expiresAt) - this.outside.now() > EARLY_MS) return held.accessToken;
    return (await this.#refresh()).accessToken;
  }

  /** Everybody who asks meanwhile gets the same answer. */
  #refresh(): Promise<Tokens> {
    this.#refreshing ??= this.outside
      .alone(() => this.outside.refresh())
      .then(
        (tokens) => {
          this.#tokens = tokens;
          this.outside.remember(true);
          this.#become('signed_in');
          return tokens;
        },
        (error: unknown) => {
          if (error instanceof ApiError && error.status === 401) this.#end();
          throw error;
        },
      )
      .finally(() => {
        this.#refreshing = undefined;
      });
    return this.#refreshing;
  }

  #end(): void {
    this.#tokens = undefined;
    this.outside.remember(false);
    this.#become('signed_out');
  }

  #become(state: SessionState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const tell of this.#listeners) tell();
  }

  /** Does `work` with a good token; refused for its token, once more with a new one. */
  async #withToken<Result>(work: (client: FreshClient) => Promise<Result>): Promise<Result> {
    const token = await this.#token();
    try {
      return await work(this.outside.as(token));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      // Another call may have renewed it meanwhile.
      const renewed =
        this.#tokens && this.#tokens.accessToken !== token
          ? this.#tokens.accessToken
          : (await this.#refresh()).accessToken;
      try {
        return await work(this.outside.as(renewed));
      } catch (again) {
        if (again instanceof ApiError && again.status === 401) this.#end();
        throw again;
      }
    }
  }

  #freshClient(): FreshClient {
    const withToken = this.#withToken.bind(this);
    const call: FreshClient['call'] = (route, input, options) =>
      withToken((client) => client.call(route, input, options));
    return {
      call,
      request: (route, input, options) => withToken((client) => client.request(route, input, options)),
      all: (route, input) => everyItem({ call }, route, input),
      // Refused before its first event, it is opened again; later ends are for whoever watches.
      async *watch<Route extends RouteDefinition>(
        route: Route,
        input: Parameters<Client['watch']>[1],
        options: Parameters<Client['watch']>[2],
      ) {
        const opened = await withToken(async (client) => {
          const events = client.watch(route, input as never, options);
          return { events, first: await events.next() };
        });
        if (opened.first.done) return;
        yield opened.first.value;
        yield* opened.events;
      },
    } as FreshClient;
  }
}
