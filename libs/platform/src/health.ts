import { createServer, type Server } from 'node:http';
import type { Registry } from 'prom-client';

/** A part that this service can't do without; rejects, or tells false, while it is away. */
export type ReadinessCheck = () => Promise<boolean>;

/** `/health/live`, `/health/ready` and `/metrics`, on a port that is not for the outside. */
export class HealthServer {
  private readonly checks = new Map<string, ReadinessCheck>();
  private server?: Server;
  private started = false;

  constructor(private readonly registry: Registry) {}

  add(name: string, check: ReadinessCheck) {
    this.checks.set(name, check);
  }

  /** Until this is called, and again once it is told false, the service is not ready. */
  setStarted(started: boolean) {
    this.started = started;
  }

  async readiness(): Promise<{ ready: boolean; parts: Record<string, boolean> }> {
    const parts: Record<string, boolean> = { started: this.started };
    for (const [name, check] of this.checks) parts[name] = await check().catch(() => false);
    return { ready: Object.values(parts).every(Boolean), parts };
  }

  async listen(port: number, host: string): Promise<void> {
    this.server = createServer((request, response) => {
      const answer = (status: number, type: string, body: string) =>
        response.writeHead(status, { 'content-type': type }).end(body);
      if (request.url === '/health/live') answer(200, 'application/json', '{"live":true}');
      else if (request.url === '/health/ready') {
        void this.readiness().then((state) =>
          answer(state.ready ? 200 : 503, 'application/json', JSON.stringify(state)),
        );
      } else if (request.url === '/metrics') {
        void this.registry.metrics().then((text) => answer(200, this.registry.contentType, text));
      } else answer(404, 'text/plain', 'not found');
    });
    const server = this.server;
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  }

  async close(): Promise<void> {
    const server = this.server;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
