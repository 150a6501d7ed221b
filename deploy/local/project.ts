import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The checkout: the nearest folder with a package.json above this file, from the sources as from `dist/`. */
export const projectRoot = (() => {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
})();

/** What any start may use again: downloads and compiled code. */
export const cacheDir = join(projectRoot, '.plenary/cache');
