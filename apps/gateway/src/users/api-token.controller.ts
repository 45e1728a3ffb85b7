import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import * as tokens from '#contracts/api-tokens';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(`${V1}/api-tokens`)
export class ApiTokenController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @Route({ access: 'account.manage', output: tokens.listApiTokens.output, summary: "List one's own API tokens" })
  list(@From() caller: Caller) {
    return this.backend.pass(tokens.listApiTokens, {}, caller);
  }

  @Post()
  @Route({
    access: 'account.manage',
    body: tokens.NewApiToken,
    output: tokens.CreatedApiToken,
    status: 201,
    summary: 'Make an API token, which is shown this once',
  })
  create(@Body() body: z.input<typeof tokens.NewApiToken>, @From() caller: Caller) {
    return this.backend.pass(tokens.createApiToken, body, caller);
  }

  @Delete(':tokenId')
  @Route({ access: 'account.manage', summary: "Revoke an API token of one's own, at once" })
  revoke(@Param('tokenId') tokenId: string, @From() caller: Caller) {
    return this.backend.pass(tokens.revokeApiToken, { tokenId }, caller);
  }
}
