import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { resolveAccess, resolveScope, resolveScopeOf } from '#contracts/access';
import { findOwners } from '#contracts/live';
import { Call, Handles, Input } from '#messaging/handles';
import { AccessService } from './access.service.js';

@Controller()
export class AccessHandlers {
  constructor(private readonly access: AccessService) {}

  @Handles(resolveAccess)
  resolve(@Input() { customerId }: z.output<typeof resolveAccess.input>, @Call() { actor }: Call) {
    return this.access.resolve(actor, customerId);
  }

  @Handles(resolveScope)
  async scope(@Input() wanted: z.output<typeof resolveScope.input>, @Call() { actor }: Call) {
    return { scope: await this.access.scope(actor, wanted) };
  }

  @Handles(findOwners)
  async owners(@Input() { customerIds }: z.output<typeof findOwners.input>) {
    return { customers: await this.access.owners(customerIds) };
  }

  @Handles(resolveScopeOf)
  async scopeOf(@Input() { userId }: z.output<typeof resolveScopeOf.input>) {
    return { scope: await this.access.scopeOf(userId) };
  }
}
