import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Say } from './say';
import { readable } from './supervised-process';

const EVERY_MS = 250;

/** Says every line that is written to a `*.log` of a folder from now on, until the process ends. */
export function follow(folder: string, say: Say): void {
  const read = new Map<string, { position: number; rest: string }>();
  const look = (fromStart: boolean) => {
    for (const file of logs(folder)) {
      const { size } = statSync(file);
      const known = read.get(file) ?? { position: fromStart ? 0 : size, rest: '' };
      if (size < known.position) known.position = 0;
      const bytes = Buffer.alloc(Math.min(size - known.position, 1024 * 1024));
      if (bytes.length > 0) {
        const handle = openSync(file, 'r');
        known.position += readSync(handle, bytes, 0, bytes.length, known.position);
        closeSync(handle);
        const lines = (known.rest + bytes.toString()).split('\n');
        known.rest = lines.pop() ?? '';
        for (const line of lines) if (line) say(basename(file, '.log'), readable(line));
      }
      read.set(file, known);
    }
  };
  look(false);
  setInterval(() => look(true), EVERY_MS).unref();
}

function logs(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.log'))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}
