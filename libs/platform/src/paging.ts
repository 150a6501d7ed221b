import type { z } from 'zod';
import { Problem } from './problem';

type Value = string | number | null;

/** An opaque keyset cursor: where the next page goes on. */
export function encodeCursor(values: readonly Value[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** The values of a cursor, `length` of them; 400 `cursor_invalid` for anything that we did not make. */
export function decodeCursor(cursor: string | undefined, length: number): Value[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(values) && values.length === length && values.every(isValue)) return values;
  } catch {
    // told below
  }
  throw notOurs();
}

/**
 * The values of a cursor in the shape of this list: what the database could not even compare with (a text that is no id,
 * or no instant) is a 400 `cursor_invalid` as well.
 */
export function cursorOf<Shape extends z.ZodTuple>(
  cursor: string | undefined,
  shape: Shape,
): z.output<Shape> | undefined {
  const values = decodeCursor(cursor, shape.def.items.length);
  if (values === undefined) return undefined;
  const parsed = shape.safeParse(values);
  if (!parsed.success) throw notOurs();
  return parsed.data;
}

function notOurs(): Problem {
  return new Problem(400, 'cursor_invalid', 'This cursor is not one of ours. Start again without `cursor`.');
}

function isValue(value: unknown): value is Value {
  return value === null || typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
}
