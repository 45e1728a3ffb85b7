import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { changePassword, disableUser, enableUser, resetPassword, updateMe, updateUser } from '#contracts/auth';
import { Call, Handles, Input } from '#messaging/handles';
import { AccountService } from './account.service.js';

@Controller()
export class AccountHandlers {
  constructor(private readonly accounts: AccountService) {}

  @Handles(updateUser)
  update(@Input() { userId, patch }: z.output<typeof updateUser.input>, @Call() call: Call) {
    return this.accounts.update(userId, patch, call);
  }

  @Handles(updateMe)
  updateMe(@Input() { patch }: z.output<typeof updateMe.input>, @Call() call: Call) {
    return this.accounts.updateMe(patch, call);
  }

  @Handles(disableUser)
  disable(@Input() { userId }: z.output<typeof disableUser.input>, @Call() call: Call) {
    return this.accounts.disable(userId, call);
  }

  @Handles(enableUser)
  enable(@Input() { userId }: z.output<typeof enableUser.input>, @Call() call: Call) {
    return this.accounts.enable(userId, call);
  }

  @Handles(resetPassword)
  resetPassword(@Input() { userId }: z.output<typeof resetPassword.input>, @Call() call: Call) {
    return this.accounts.resetPassword(userId, call);
  }

  @Handles(changePassword)
  changePassword(@Input() change: z.output<typeof changePassword.input>, @Call() call: Call) {
    return this.accounts.changePassword(change, call);
  }
}
