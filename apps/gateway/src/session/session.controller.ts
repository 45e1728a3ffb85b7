import { Body, Controller, Get, Inject, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import * as auth from '#contracts/auth';
import { AppError } from '#contracts/errors';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { deviceCookie, type DeviceCookie } from './device-cookie.js';
import { refreshCookie, type RefreshCookie } from './refresh-cookie.js';

const tokenDelivery = z.enum(['cookie', 'body']).optional();
export const SignIn = auth.LoginRequest.extend({ tokenDelivery });
export const Refresh = z.strictObject({
  /** Left out: the cookie's. */
  refreshToken: z.string().min(1).max(500).optional(),
  tokenDelivery,
});
export const SignedIn = auth.Session.partial({ refreshToken: true });

@Controller(V1)
export class SessionController {
  private readonly cookie: RefreshCookie;
  private readonly device: DeviceCookie;

  constructor(
    private readonly backend: Backend,
    @Inject(GATEWAY_CONFIG) { COOKIE_SECURE }: GatewayConfig,
  ) {
    this.cookie = refreshCookie(COOKIE_SECURE);
    this.device = deviceCookie(COOKIE_SECURE);
  }

  @Post('auth/login')
  @Route({ access: 'public', body: SignIn, output: SignedIn, summary: 'Sign in' })
  async login(
    @Body() { tokenDelivery, ...credentials }: z.input<typeof SignIn>,
    @From() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { address } = caller;
    const kept = tokenDelivery === 'body' ? undefined : this.device.read(request);
    const { device, ...session } = await this.backend.ask(
      auth.login,
      { ...credentials, address, device: kept },
      caller,
    );
    if (device !== undefined) this.device.write(request, reply, device);
    return this.deliver(session, tokenDelivery === 'body', request, reply);
  }

  /** A token that came in the body goes back there; the cookie follows it, so that it never holds a used one. */
  @Post('auth/refresh')
  @Route({ access: 'public', body: Refresh, output: SignedIn, summary: 'Get a new access token' })
  async refresh(
    @Body() { refreshToken: sent, tokenDelivery }: z.input<typeof Refresh>,
    @From() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const refreshToken = sent ?? this.cookie.read(request);
    if (refreshToken === undefined) throw new AppError('unauthenticated', 'refresh-token-missing');
    const session = await this.backend.ask(auth.refresh, { refreshToken }, caller);
    return this.deliver(session, tokenDelivery === 'body' || sent !== undefined, request, reply);
  }

  @Post('auth/logout')
  @Route({ access: 'account.manage', beforePasswordChange: true, summary: 'Sign out here' })
  async logout(
    @From() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    this.cookie.clear(request, reply);
    await this.backend.pass(auth.logout, {}, caller);
  }

  @Post('auth/logout-all')
  @Route({ access: 'account.manage', summary: 'Sign out everywhere' })
  async logoutAll(
    @From() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    this.cookie.clear(request, reply);
    await this.backend.pass(auth.logoutAll, {}, caller);
  }

  @Get('me')
  @Route({ access: 'session.use', beforePasswordChange: true, output: auth.User, summary: 'Who one is' })
  me(@From() caller: Caller) {
    return this.backend.pass(auth.getMe, {}, caller);
  }

  @Patch('me')
  @Route({
    access: 'account.manage',
    body: auth.MePatch,
    output: auth.User,
    summary: 'Settle what is for oneself to settle',
  })
  updateMe(@Body() patch: z.input<typeof auth.MePatch>, @From() caller: Caller) {
    return this.backend.pass(auth.updateMe, { patch }, caller);
  }

  @Post('me/password')
  @Route({
    access: 'account.manage',
    beforePasswordChange: true,
    body: auth.PasswordChange,
    summary: "Change one's password; ends every other session of one's own",
  })
  changePassword(@Body() body: z.input<typeof auth.PasswordChange>, @From() caller: Caller) {
    return this.backend.pass(auth.changePassword, body, caller);
  }

  private deliver(
    { refreshToken, ...rest }: auth.Session,
    inBody: boolean,
    request: FastifyRequest,
    reply: FastifyReply,
  ): z.output<typeof SignedIn> {
    this.cookie.write(request, reply, refreshToken);
    return inBody ? { ...rest, refreshToken } : rest;
  }
}
