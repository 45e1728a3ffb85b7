import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import * as billing from '#contracts/billing';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(V1)
export class DigestController {
  constructor(private readonly backend: Backend) {}

  @Get('digest-subscriptions')
  @Route({
    access: 'digests.use',
    query: billing.DigestQuery,
    output: billing.listDigestSubscriptions.output,
    summary: 'List the digests that are subscribed to',
  })
  listSubscriptions(@Query() query: z.input<typeof billing.DigestQuery>, @From() caller: Caller) {
    return this.backend.pass(billing.listDigestSubscriptions, query, caller);
  }

  @Post('digest-subscriptions')
  @Route({
    access: 'digests.use',
    body: billing.NewDigestSubscription,
    output: billing.DigestSubscription,
    status: 201,
    summary: 'Subscribe to a digest',
  })
  subscribe(@Body() body: z.input<typeof billing.NewDigestSubscription>, @From() caller: Caller) {
    return this.backend.pass(billing.createDigestSubscription, body, caller);
  }

  @Delete('digest-subscriptions/:subscriptionId')
  @Route({ access: 'digests.use', summary: 'End a subscription' })
  unsubscribe(@Param('subscriptionId') subscriptionId: string, @From() caller: Caller) {
    return this.backend.pass(billing.deleteDigestSubscription, { subscriptionId }, caller);
  }

  @Get('digests')
  @Route({
    access: 'digests.use',
    query: billing.DigestQuery,
    output: billing.listDigests.output,
    summary: 'List the digests that were made',
  })
  list(@Query() query: z.input<typeof billing.DigestQuery>, @From() caller: Caller) {
    return this.backend.pass(billing.listDigests, query, caller);
  }

  @Get('digests/:digestId')
  @Route({
    access: 'digests.use',
    output: billing.Digest,
    summary: 'Show a digest, of the customers that the caller sees now',
  })
  get(@Param('digestId') digestId: string, @From() caller: Caller) {
    return this.backend.passScoped(billing.getDigest, { digestId }, caller);
  }

  @Post('digests/preview')
  @Route({
    access: 'digests.use',
    body: billing.DigestPreviewRequest,
    output: billing.DigestContent,
    summary: "What one's digest would say now",
  })
  preview(@Body() body: z.input<typeof billing.DigestPreviewRequest>, @From() caller: Caller) {
    return this.backend.passScoped(billing.previewDigest, body, caller);
  }
}
