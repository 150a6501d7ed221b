import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { Attendance, Wall } from '@plenary/contracts';
import { Changes, streamSignal } from '@plenary/platform';
import { freshMs, type Picture, Pictures, type View } from './pictures';

/**
 * The live view: one loop per watched conference draws a picture after each change, at most four a second, for all who
 * watch. Who is slow gets the newest one and never a queue.
 */
@Injectable()
export class LivePictures {
  private readonly feeds = new Map<string, Feed>();

  constructor(
    private readonly pictures: Pictures,
    private readonly changes: Changes,
  ) {}

  /** Starts with the picture of now, unless `lastEventId` says that it was seen; ends with the client. */
  async *watch(
    conferenceId: string,
    view: View,
    lastEventId: string | undefined,
  ): AsyncGenerator<{ id: string; data: Attendance }> {
    for await (const picture of this.picturesAfter(conferenceId, lastEventId, streamSignal.getStore())) {
      yield { id: picture.version, data: picture.of(view) };
    }
  }

  /** The same for a wall: what it does not show is no change. Ends with `signal`. */
  async *watchWall(
    conferenceId: string,
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<{ id: string; data: Wall }> {
    let shown: Picture | undefined;
    for await (const picture of this.picturesAfter(conferenceId, lastEventId, signal)) {
      const { wall } = picture;
      if (!wall || picture.looksTheSame(shown)) continue;
      shown = picture;
      yield { id: picture.version, data: wall };
    }
  }

  private async *picturesAfter(
    conferenceId: string,
    lastEventId: string | undefined,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Picture> {
    const feed = this.join(conferenceId);
    try {
      let seen = await feed.newerThan(undefined, signal);
      if (seen && seen.version !== lastEventId) yield seen;
      while (seen) {
        seen = await feed.newerThan(seen, signal);
        if (seen) yield seen;
      }
    } finally {
      this.leave(conferenceId, feed);
    }
  }

  private join(conferenceId: string): Feed {
    const feed = this.feeds.get(conferenceId) ?? new Feed(conferenceId, this.pictures, this.changes);
    this.feeds.set(conferenceId, feed);
    feed.watchers += 1;
    return feed;
  }

  private leave(conferenceId: string, feed: Feed): void {
    feed.watchers -= 1;
    if (feed.watchers > 0) return;
    feed.end();
    this.feeds.delete(conferenceId);
  }
}

class Feed {
  watchers = 0;
  private latest: Picture | undefined;
  private readonly ended = new AbortController();
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly conferenceId: string,
    private readonly pictures: Pictures,
    private readonly changes: Changes,
  ) {
    void this.run();
  }

  end(): void {
    this.ended.abort();
  }

  /** The newest picture as soon as it is another than `seen`; undefined when the client has gone. */
  newerThan(seen: Picture | undefined, signal: AbortSignal | undefined): Promise<Picture | undefined> {
    if (signal?.aborted || this.ended.signal.aborted) return Promise.resolve(undefined);
    if (this.latest && this.latest !== seen) return Promise.resolve(this.latest);
    return new Promise((resolve) => {
      const wake = () => {
        this.waiting.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve(signal?.aborted || this.ended.signal.aborted ? undefined : this.latest);
      };
      this.waiting.add(wake);
      signal?.addEventListener('abort', wake);
    });
  }

  private async run(): Promise<void> {
    const { signal } = this.ended;
    // Wakes a few times a minute even if nothing changes: rates per minute fall by themselves.
    for await (const _ of this.changes.watch(`conference/${this.conferenceId}`, signal)) {
      const begun = performance.now();
      try {
        const picture = await this.pictures.draw(this.conferenceId);
        if (!picture.saysTheSame(this.latest)) this.show(picture);
      } catch (error) {
        // The database is away: those who watch keep what they have until it is back.
        log.warn(`No picture of ${this.conferenceId}: ${error instanceof Error ? error.message : error}`);
      }
      await pause(Math.max(0, freshMs - (performance.now() - begun)));
    }
    // The process stops: nobody is left waiting.
    this.end();
    for (const wake of [...this.waiting]) wake();
  }

  private show(picture: Picture): void {
    this.latest = picture;
    for (const wake of [...this.waiting]) wake();
  }
}
const log = new Logger(LivePictures.name);
