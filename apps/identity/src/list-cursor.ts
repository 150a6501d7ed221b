import { decodeCursor, Problem } from '@plenary/platform';
import { z } from 'zod';

/** The text and id that a list goes on after; nulls from its start. 400 `cursor_invalid` for a cursor of something else. */
export function listCursor(cursor: string | undefined): [text: string | null, id: string | null] {
  const values = decodeCursor(cursor, 2);
  if (!values) return [null, null];
  const parsed = shape.safeParse(values);
  if (!parsed.success)
    throw new Problem(400, 'cursor_invalid', 'This cursor belongs to another list. Start again without `cursor`.');
  return parsed.data;
}
const shape = z.tuple([z.string().max(300), z.uuid()]);
