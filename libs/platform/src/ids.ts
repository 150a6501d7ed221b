import { v7 } from 'uuid';

/** UUIDv7: rises with time, so that indexes grow at their end. */
export function newId(): string {
  return v7();
}
