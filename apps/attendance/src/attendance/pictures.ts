import { Injectable } from '@nestjs/common';
import type { Attendance, Wall } from '@plenary/contracts';
import { Database } from '@plenary/messaging';
import { ofSubForums, wallOf } from './attendance.rules';
import { readPicture } from './read-picture';

/** An answer this young is given again: many boards cost no more than one. */
export const freshMs = 250;

/** What a caller may see: everything, or these sub-forums (sorted). */
export type View = 'all' | readonly string[];

/** The attendance of one conference at one instant; each view of it is made, and encoded, once. */
export class Picture {
  private readonly views = new Map<string, Attendance>();

  constructor(
    /** Raised by each change of what is known; the id of stream events. */
    readonly version: string,
    readonly whole: Attendance,
    /** undefined: not told yet. */
    private readonly conference?: Wall['conference'] | undefined,
  ) {}

  /** The counts alone; undefined while the conference's own name is not known. */
  get wall(): Wall | undefined {
    this.drawnWall ??= this.conference && wallOf(this.whole, this.conference);
    return this.drawnWall;
  }
  private drawnWall: Wall | undefined;

  /** Says the same on a wall, but for the time? */
  looksTheSame(other: Picture | undefined): boolean {
    return this.toldOnWall === other?.toldOnWall;
  }
  private get toldOnWall(): string {
    this.wallText ??= JSON.stringify({ ...this.wall, at: '' });
    return this.wallText;
  }
  private wallText: string | undefined;

  of(view: View): Attendance {
    if (view === 'all') return this.whole;
    const key = view.join();
    const made = this.views.get(key) ?? ofSubForums(this.whole, new Set(view));
    this.views.set(key, made);
    return made;
  }

  /** Says the same, but for the time? Rates fall although nothing is told. */
  saysTheSame(other: Picture | undefined): boolean {
    return this.told === other?.told;
  }
  private get told(): string {
    this.text ??= JSON.stringify({ ...this.whole, ...this.conference, at: '' });
    return this.text;
  }
  private text: string | undefined;
}

/** Draws pictures from what is known. */
@Injectable()
export class Pictures {
  private readonly recent = new Map<string, { at: number; picture: Promise<Picture> }>();

  constructor(private readonly database: Database) {}

  /** At most 250 ms old. */
  recentOf(conferenceId: string): Promise<Picture> {
    const known = this.recent.get(conferenceId);
    return known && Date.now() - known.at < freshMs ? known.picture : this.draw(conferenceId);
  }

  /** A new one, from one snapshot of the schema. */
  draw(conferenceId: string, at = new Date()): Promise<Picture> {
    const picture = this.database
      .transaction((tx) => readPicture(tx, conferenceId, at))
      .then(({ version, whole, conference }) => new Picture(version, whole, conference));
    const entry = { at: Date.now(), picture };
    if (this.recent.size > 1000) this.recent.clear();
    this.recent.set(conferenceId, entry);
    // A failure is told once and not again.
    picture.catch(() => this.recent.get(conferenceId) === entry && this.recent.delete(conferenceId));
    return picture;
  }
}
