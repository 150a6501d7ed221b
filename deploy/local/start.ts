import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { demoAccounts, demoPassword } from '../demo/state';
import { follow } from './follow';
import { projectRoot } from './project';
import { messageOf, StartError, sayOnTerminal as say } from './say';
import { runScript, Stack } from './stack';

/** `npm start` and `npm run dev`. */
const usage = `npm start -- [--verbose] [--replicas N]

  --verbose     show what the services log, too (it stands in .plenary/logs in any case)
  --replicas N  N processes of each service

PLENARY_PORT       port of the gateway (8080); the others are counted from it
PLENARY_HOST       address that the gateway listens on (127.0.0.1)
PLENARY_STATE_DIR  folder for data, keys and logs (.plenary)
PLENARY_DEMO=0     no demo conference, no demo accounts
PLENARY_DOCKER=0   leaves Docker alone
DATABASE_URL, KAFKA_BROKERS  a PostgreSQL and a Kafka that run already`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      verbose: { type: 'boolean', default: false },
      replicas: { type: 'string', default: '1' },
      watch: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const replicas = Number(values.replicas);
  if (values.help || !Number.isInteger(replicas) || replicas < 1 || replicas > 9) {
    process.stdout.write(`${usage}\n`);
    process.exit(values.help ? 0 : 2);
  }
  const began = performance.now();
  const demo = process.env.PLENARY_DEMO !== '0';
  const stack = new Stack({ stateDir: process.env.PLENARY_STATE_DIR ?? '.plenary', demo, replicas });
  endOnSignals(stack);
  if (values.verbose) follow(join(stack.stateDir, 'logs'), say);

  const { url } = await stack.start();
  say('plenary', `ready after ${((performance.now() - began) / 1000).toFixed(1)} s: ${url} (the API: ${url}/api/docs)`);
  say('plenary', `delegates ${url}/c, door staff ${url}/door, organisers ${url}/organiser`);
  if (values.watch) (await import('./watch')).watch(stack, say);
  if (demo) await seedDemo(url, stack.stateDir);
}

/** The demo conference, made or found through the public API. What goes wrong with it does not end the system. */
async function seedDemo(url: string, stateDir: string): Promise<void> {
  const seed = 'deploy/demo/seed';
  if (!existsSync(join(projectRoot, 'dist', `${seed}.js`))) return;
  try {
    say('demo', `sign in as ${demoAccounts.join(', ')}, each @plenary.example, password ${demoPassword}`);
    await runScript(seed, { PLENARY_URL: url, PLENARY_STATE_DIR: stateDir }, { onLine: (line) => say('demo', line) });
  } catch (error) {
    say('demo', messageOf(error));
  }
}

let ending = false;
const ONE_SIGNAL_MS = 700;

/** The first signal stops in order, the second in a hurry, the third leaves everything as it lies. */
function endOnSignals(stack: Stack): void {
  let count = 0;
  let last = 0;
  const end = (signal: NodeJS.Signals) => {
    // Ctrl-C reaches this process from the terminal and a moment later once more from npm: that is one.
    const now = performance.now();
    if (ending && now - last < ONE_SIGNAL_MS) return;
    last = now;
    ending = true;
    count++;
    if (count === 1) {
      say('plenary', `${signal}: stopping (once more: in a hurry)`);
      stack.stop().then(
        () => {
          say('plenary', 'stopped');
          process.exit(0);
        },
        (error) => {
          say('plenary', `stopped badly: ${messageOf(error)}`);
          process.exit(1);
        },
      );
    } else if (count === 2) {
      say('plenary', 'in a hurry');
      void stack.stop(true);
    } else {
      process.exit(1);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal));
}

main().catch((error: unknown) => {
  // A start that was interrupted says so in its own words.
  if (ending) return;
  if (error instanceof StartError) say('plenary', error.message);
  else console.error(error);
  process.exitCode = 1;
});
