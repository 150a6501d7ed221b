import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What the seed leaves for `npm run demo` and for people who try the door: credentials of invented people only. */
const demoState = z.object({
  slug: z.string(),
  conferenceId: z.string(),
  endsOn: z.string(),
  devices: z.array(z.object({ id: z.string(), name: z.string(), token: z.string() })),
  delegateToken: z.string(),
});
export type DemoState = z.output<typeof demoState>;

const file = () => join(process.env.PLENARY_STATE_DIR ?? '.plenary', 'demo.json');

export function readDemoState(): DemoState | undefined {
  if (!existsSync(file())) return undefined;
  const parsed = demoState.safeParse(JSON.parse(readFileSync(file(), 'utf8')));
  return parsed.success ? parsed.data : undefined;
}

export function writeDemoState(state: DemoState): void {
  writeFileSync(file(), `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  chmodSync(file(), 0o600);
}

/** Sign-ins of the demo, each `@plenary.example`. */
export const demoAccounts = ['organiser', 'cohost', 'supervisor', 'desk', 'admin'];
export const demoPassword = 'plenary-demo';
export const demoOrigin = () => process.env.PLENARY_URL ?? `http://127.0.0.1:${process.env.PLENARY_PORT ?? 8080}`;
