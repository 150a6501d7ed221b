import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** The published programme of FOSDEM 2025, schedule XML (see tests/data/README.md). */
export function fosdem2025(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gunzipSync(readFileSync(join(process.cwd(), 'tests/data/fosdem-2025-schedule.xml.gz'))));
}
