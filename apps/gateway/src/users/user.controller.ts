import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import * as auth from '#contracts/auth';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(`${V1}/users`)
export class UserController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @Route({ access: 'users.manage', query: auth.UserQuery, output: auth.listUsers.output, summary: 'List users' })
  list(@Query() query: z.input<typeof auth.UserQuery>, @From() caller: Caller) {
    return this.backend.pass(auth.listUsers, query, caller);
  }

  @Post()
  @Route({
    access: 'users.manage',
    body: auth.NewUser,
    output: auth.CreatedUser,
    status: 201,
    summary: 'Create a user',
  })
  create(@Body() body: z.input<typeof auth.NewUser>, @From() caller: Caller) {
    return this.backend.pass(auth.createUser, body, caller);
  }

  @Get('directory')
  @Route({
    access: 'users.directory',
    query: auth.DirectoryQuery,
    output: auth.listDirectory.output,
    summary: "List colleagues' names",
  })
  directory(@Query() query: z.input<typeof auth.DirectoryQuery>, @From() caller: Caller) {
    return this.backend.pass(auth.listDirectory, query, caller);
  }

  @Get(':userId')
  @Route({ access: 'users.manage', output: auth.User, summary: 'Show a user' })
  get(@Param('userId') userId: string, @From() caller: Caller) {
    return this.backend.pass(auth.getUser, { userId }, caller);
  }

  @Patch(':userId')
  @Route({ access: 'users.manage', body: auth.UserPatch, output: auth.User, summary: 'Edit a user' })
  update(@Param('userId') userId: string, @Body() patch: z.input<typeof auth.UserPatch>, @From() caller: Caller) {
    return this.backend.pass(auth.updateUser, { userId, patch }, caller);
  }

  @Post(':userId/disable')
  @Route({ access: 'users.manage', output: auth.User, summary: 'Disable a user, at once' })
  disable(@Param('userId') userId: string, @From() caller: Caller) {
    return this.backend.pass(auth.disableUser, { userId }, caller);
  }

  @Post(':userId/enable')
  @Route({ access: 'users.manage', output: auth.User, summary: 'Enable a disabled user again' })
  enable(@Param('userId') userId: string, @From() caller: Caller) {
    return this.backend.pass(auth.enableUser, { userId }, caller);
  }

  @Post(':userId/reset-password')
  @Route({
    access: 'users.manage',
    output: auth.resetPassword.output,
    summary: 'Give a user a one-time password, which he must change',
  })
  resetPassword(@Param('userId') userId: string, @From() caller: Caller) {
    return this.backend.pass(auth.resetPassword, { userId }, caller);
  }
}
