import { createServer } from 'node:net';
import { SetupError, codeOf } from './setup-error.js';
import { until } from './wait.js';

function listen(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}

/** A port that nobody listens on at this moment. */
export const freePort = (host = '127.0.0.1'): Promise<number> => listen(0, host);

/** Fails with a remedy unless the port can be had; `within` ms are left for a leftover of our own to let go of it. */
export async function assertPortFree(port: number, host: string, within = 0): Promise<void> {
  let fault: unknown;
  const free = await until(within, () =>
    listen(port, host).then(
      () => true,
      (error: unknown) => ((fault = error), false),
    ),
  );
  if (free) return;
  if (codeOf(fault) === 'EADDRINUSE') {
    throw new SetupError(
      `Port ${port} is taken by another program.`,
      `Stop that program, or choose another port: PORT=${port + 1} npm start`,
      fault,
    );
  }
  if (codeOf(fault) === 'EACCES') {
    throw new SetupError(`Port ${port} needs special rights.`, 'Choose a port above 1023: PORT=3000 npm start', fault);
  }
  throw new SetupError(
    `Can't listen on ${host}:${port} (${codeOf(fault) ?? String(fault)}).`,
    'HOST must be an address of this machine, PORT a number from 1 to 65535.',
    fault,
  );
}
