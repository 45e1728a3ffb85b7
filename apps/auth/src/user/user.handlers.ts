import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { checkActor, createUser, getMe, getUser, listDirectory, listUsers } from '#contracts/auth';
import { Call, Handles, Input } from '#messaging/handles';
import { UserService } from './user.service.js';

@Controller()
export class UserHandlers {
  constructor(private readonly users: UserService) {}

  @Handles(createUser)
  create(@Input() input: z.output<typeof createUser.input>, @Call() call: Call) {
    return this.users.create(input, call);
  }

  @Handles(getUser)
  get(@Input() { userId }: z.output<typeof getUser.input>, @Call() call: Call) {
    return this.users.get(userId, call);
  }

  @Handles(getMe)
  me(@Call() call: Call) {
    return this.users.me(call);
  }

  @Handles(listUsers)
  list(@Input() query: z.output<typeof listUsers.input>, @Call() call: Call) {
    return this.users.list(query, call);
  }

  @Handles(listDirectory)
  directory(@Input() query: z.output<typeof listDirectory.input>, @Call() call: Call) {
    return this.users.directory(query, call);
  }

  @Handles(checkActor)
  checkActor(@Input() { userId }: z.output<typeof checkActor.input>) {
    return this.users.checkActor(userId);
  }
}
