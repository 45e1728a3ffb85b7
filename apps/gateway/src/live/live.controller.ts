import { Controller, Get, Headers, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';
import { Live } from './live.js';

@Controller(V1)
export class LiveController {
  constructor(private readonly live: Live) {}

  @Get('events')
  @Route({
    access: 'session.use',
    mediaType: 'text/event-stream',
    summary: "What changes in the caller's view, as it changes; goes on at Last-Event-ID",
  })
  async events(
    @From() caller: Caller,
    @Headers('last-event-id') lastPlace: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    // Proxies must not collect what is to arrive at once.
    void reply.header('x-accel-buffering', 'no');
    return new StreamableFile(await this.live.open(caller, lastPlace), { type: 'text/event-stream' });
  }
}
