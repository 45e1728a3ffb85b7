import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { listKeys } from '#contracts/auth';
import { Bus } from '#messaging/bus';
import { HealthServer } from '#platform/health';
import { Route } from '../edge/route.js';

/** Whoever balances the load asks here, on the public port. */
@Controller('health')
export class HealthController {
  private keysHad = false;

  constructor(
    private readonly health: HealthServer,
    bus: Bus,
  ) {
    // Without auth's keys nobody can be let in. Once had, they stay.
    health.add('keys', async () => {
      this.keysHad ||= (await bus.request(listKeys.askedBy('gateway'), {})).keys.length > 0;
      return this.keysHad;
    });
  }

  @Get('live')
  @Route({ access: 'public', mediaType: 'application/json', undocumented: true, summary: 'Whether it runs' })
  live() {
    return { live: true };
  }

  @Get('ready')
  @Route({ access: 'public', mediaType: 'application/json', undocumented: true, summary: 'Whether it can serve' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const { ready } = await this.health.readiness();
    void reply.status(ready ? 200 : 503);
    return { ready };
  }
}
