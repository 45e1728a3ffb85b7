// A supervisor of fake services in a process of its own, so that a test can kill it. Needs the build.
const { LocalSystem } = await import('../../../../dist/libs/embedded/src/local-system.js');
const [dataDir, port] = process.argv.slice(2);
const programs = (_service, program) => `${import.meta.dirname}/${program}.mjs`;
const system = new LocalSystem({ dataDir, port: Number(port), durable: false, programs });
await system.start();
const pids = ['gateway', 'auth', 'nats', 'postgres'].map((name) => system.process(name).pid);
process.stdout.write(`${JSON.stringify(pids)}\n`);
