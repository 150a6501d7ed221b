import type { Attendance } from '@plenary/contracts';
import { phaseOf } from '../live/board';

/** What a tile shows; counts, and nobody's name. */
export type Tile = Pick<
  Attendance['subForums'][number],
  | 'subForumId'
  | 'title'
  | 'room'
  | 'floor'
  | 'startsAt'
  | 'endsAt'
  | 'state'
  | 'capacity'
  | 'roomCap'
  | 'confirmed'
  | 'waitlisted'
  | 'inside'
>;

/** The tiles of a wall: what is not over, on that floor, in the order of start and room, so that each keeps its place. */
export function tilesOf<One extends Tile>(all: readonly One[], floor: string | undefined, now: number): One[] {
  return all
    .filter((one) => phaseOf(one, now) !== 'ended' && (floor === undefined || one.floor === floor))
    .sort(
      (one, other) =>
        Date.parse(one.startsAt) - Date.parse(other.startsAt) ||
        one.room.localeCompare(other.room, 'en', { numeric: true }) ||
        one.subForumId.localeCompare(other.subForumId),
    );
}

const TILE = { width: 255, height: 150, gap: 12 } as const;

/** How many columns and rows of tiles an area of that many pixels takes: 7 by 6 on a screen of 1920 by 1080. */
export function gridOf(width: number, height: number): { columns: number; rows: number } {
  const fits = (room: number, size: number) => Math.max(1, Math.floor((room + TILE.gap) / (size + TILE.gap)));
  return { columns: fits(width, TILE.width), rows: fits(height, TILE.height) };
}

/** Where the picture stands in this minute: two pixels further each minute, round in a square, so that nothing burns in. */
export function shiftAt(now: number): { x: number; y: number } {
  const steps = [
    { x: 0, y: 0 },
    { x: 2, y: 0 },
    { x: 2, y: 2 },
    { x: 0, y: 2 },
  ] as const;
  return steps[Math.floor(now / 60_000) % 4] as { x: number; y: number };
}
