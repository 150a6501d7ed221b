// Loaded into every service by `npm run bench -- --profile <name>`. In the process of that service, SIGUSR2 begins a CPU
// profile, and the next SIGUSR2 writes it as <folder>/<name>-<pid>-<n>.cpuprofile.
const { writeFileSync } = require('node:fs');
const { Session } = require('node:inspector');

const app = /apps[\\/]([a-z-]+)[\\/]src[\\/]main/.exec(process.argv[1] ?? '')?.[1];
if (app && app === process.env.PLENARY_PROFILE) {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: 500 });
  let running = false;
  let count = 0;
  process.on('SIGUSR2', () => {
    running = !running;
    if (running) return session.post('Profiler.start');
    session.post('Profiler.stop', (error, result) => {
      if (error) return console.error(error);
      const file = `${process.env.PLENARY_PROFILE_FOLDER}/${app}-${process.pid}-${++count}.cpuprofile`;
      writeFileSync(file, JSON.stringify(result.profile));
    });
  });
}
