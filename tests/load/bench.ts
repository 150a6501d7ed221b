import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startBenchStack } from '../setup/bench-stack';
import { Bench, runCase } from './case';
import { cases } from './cases';
import { others } from './cpu';
import { Generator } from './load';
import { type CaseResult, machine, met, print, write } from './report';
import { warmUp } from './world';

const usage = `npm run bench -- [options]

  --only a,b        these cases only: ${cases.map(({ name }) => name).join(', ')}
  --replicas N      processes of each service (1)
  --scale X         X times as many people, scans and seconds (1)
  --arrivals kind   of open-model cases: constant (default) or poisson
  --json file       where the results go (tests/load/results/<date>-<cores>-cores.json)
  --profile name    a CPU profile of that service over the load of each case, beside the results`;
/** Whatever hangs ends here. */
const endsWithinMinutes = 20;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      replicas: { type: 'string', default: '1' },
      scale: { type: 'string', default: '1' },
      arrivals: { type: 'string', default: 'constant' },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const replicas = Number(values.replicas);
  const scale = Number(values.scale);
  const arrivals = values.arrivals === 'poisson' ? 'poisson' : 'constant';
  const wanted = cases.filter(({ name }) => !values.only || values.only.split(',').includes(name));
  const unknown = values.only?.split(',').filter((name) => !cases.some((one) => one.name === name)) ?? [];
  const wrong = unknown.length > 0 || !(scale > 0) || !Number.isInteger(replicas) || replicas < 1 || replicas > 9;
  if (values.help || wrong) {
    process.stdout.write(`${unknown.length > 0 ? `no such case: ${unknown.join(', ')}\n` : ''}${usage}\n`);
    process.exit(values.help ? 0 : 2);
  }

  const on = machine();
  const results = join(process.cwd(), 'tests/load/results');
  const file = values.json ?? join(results, `${on.date.slice(0, 19).replaceAll(':', '-')}-${on.cores}-cores.json`);
  write(file, { machine: on, replicas, scale, cases: [] });
  process.stdout.write(
    `${on.cores} cores (${on.model}), ${on.memoryGb} GB, ${on.kernel}, Node ${on.node}, load average ${on.loadAverage.toFixed(2)}\n` +
      `${on.date}, commit ${on.commit}${on.changed ? ' with changes' : ''}, ${replicas} of each service, scale ${scale}\n`,
  );
  const profile = values.profile
    ? { script: join(process.cwd(), 'tests/load/profile.cjs'), process: values.profile, folder: results }
    : undefined;
  const system = await startBenchStack({ replicas, profile });
  const generator = new Generator();
  const end = async (code: number) => {
    generator.stop();
    await system.stop(code !== 0);
    process.exit(code);
  };
  setTimeout(() => {
    process.stderr.write(`not done within ${endsWithinMinutes} minutes: stopping\n`);
    void end(1);
  }, endsWithinMinutes * 60_000).unref();

  const done: CaseResult[] = [];
  try {
    let warm = false;
    for (const one of wanted) {
      if (one.changesData && !warm) await warmUp(generator);
      warm ||= one.changesData;
      const bench = new Bench({ system, generator, scale, arrivals, profiled: values.profile });
      const result = await runCase(one, bench);
      done.push(result);
      print(result, scale);
      write(file, { machine: on, replicas, scale, arrivals, cases: done });
    }
  } catch (error) {
    // What fails because everything is being stopped is no news.
    if (system.stopping) return;
    console.error(error);
    await end(1);
  }
  const figures = done.flatMap((one) => one.figures.filter(({ target }) => target).map((figure) => ({ one, figure })));
  const missed = figures.filter(({ figure }) => !met(figure));
  const elsewhere = Math.max(0, ...done.flatMap(({ stretches }) => stretches.map(percentElsewhere)));
  if (elsewhere > 10)
    process.stdout.write(`\nNOT a quiet machine: others used up to ${elsewhere.toFixed(0)} % of a core\n`);
  const broken = done.flatMap((one) => one.broken.map((line) => `${one.name}: ${line}`));
  for (const [name, count] of Object.entries(system.restarts()))
    broken.push(`${name} ended and was started again ${count} times`);
  process.stdout.write(
    `\n${figures.length - missed.length} of ${figures.length} targets met${missed.length > 0 ? `; missed: ${missed.map(({ one, figure }) => `${one.name}: ${figure.what}`).join('; ')}` : ''}\n` +
      `${broken.length === 0 ? 'everything that must hold holds' : broken.map((line) => `BROKEN: ${line}`).join('\n')}\n${file}\n`,
  );
  await end(broken.length === 0 ? 0 : 1);
}

const percentElsewhere = ({ usage }: CaseResult['stretches'][number]) =>
  usage?.find(({ name }) => name === others)?.percent ?? 0;

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
