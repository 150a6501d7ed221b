import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The tables that messaging keeps in every schema, to be applied before the service's own migrations, in this order,
 * with `search_path` set to that schema. Names are unique over all migrations: `messaging/0001-messaging`.
 */
export function messagingMigrations(): { name: string; sql: string }[] {
  const folder = join(repositoryRoot(), 'libs/messaging/src/migrations');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({ name: `messaging/${file.slice(0, -4)}`, sql: readFileSync(join(folder, file), 'utf8') }));
}

/** SQL files are not copied by the build: they are read from the source, also when running from dist/. */
function repositoryRoot(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) throw new Error(`No package.json above ${__dirname}`);
  }
}
