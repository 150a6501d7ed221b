import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { documents } from './documents';
import { services } from './event';

/** Writes `libs/contracts/generated/`; `documents.spec.ts` fails when that was forgotten. Run from the repository's root. */
const folder = join(process.cwd(), 'libs/contracts/generated');
for (const [path, document] of documents(services)) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
  process.stdout.write(`${file}\n`);
}
