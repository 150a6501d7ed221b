import 'reflect-metadata';
import { parseArgs } from 'node:util';
import type { Database } from '@plenary/messaging';
import { withOwnDatabase } from './own-database';
import { Secrets } from './secrets';
import { createFromCommandLine, disableFromCommandLine, ensureDemoStaff, type NewStaff } from './staff/operator';

const usage = `npm run staff:create -- --email you@example.org --name "You" [--admin] [--password-stdin]
npm run staff:create -- --disable --email you@example.org
npm run staff:create -- --demo

Makes a member of staff and prints a one-time link (24 h) to set a password, or takes the password from standard input.
For one who exists: makes an administrator of them where --admin is given, and a new link.
Reads DATABASE_URL, IDENTITY_KEY and PUBLIC_URL from the environment.
--demo makes admin@plenary.example and organiser@plenary.example with the demo's public password (PLENARY_DEMO=1 only).`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      email: { type: 'string' },
      name: { type: 'string' },
      admin: { type: 'boolean', default: false },
      'password-stdin': { type: 'boolean', default: false },
      disable: { type: 'boolean', default: false },
      demo: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || (!values.demo && !values.email)) {
    process.stdout.write(`${usage}\n`);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const password = values['password-stdin'] ? await firstLine() : undefined;
  const { email = '', name, admin } = values;
  const said = await withOwnDatabase((database) =>
    run(database, { ...values, person: { email, name, admin, password } }),
  );
  process.stdout.write(`${said}\n`);
}

function run(database: Database, wish: { demo: boolean; disable: boolean; person: NewStaff }): Promise<string> {
  if (wish.demo) return ensureDemoStaff(database);
  if (wish.disable) return disableFromCommandLine(database, wish.person.email);
  const publicUrl = (process.env.PUBLIC_URL || 'http://127.0.0.1:8080').replace(/\/$/, '');
  return createFromCommandLine(database, new Secrets(), publicUrl, wish.person);
}

async function firstLine(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  return text.split(/\r?\n/, 1)[0] ?? '';
}

main().catch((error: Error) => {
  process.stderr.write(`staff:create: ${error.message}\n`);
  process.exitCode = 1;
});
