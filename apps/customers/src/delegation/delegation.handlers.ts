import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { summarizeDelegation } from '#contracts/delegation-summary';
import { createDelegation, listDelegations, revokeDelegation } from '#contracts/delegations';
import { findTurned } from '#contracts/live';
import { Call, Handles, Input } from '#messaging/handles';
import { DelegationService } from './delegation.service.js';

@Controller()
export class DelegationHandlers {
  constructor(private readonly delegations: DelegationService) {}

  @Handles(listDelegations)
  list(@Call() { actor }: Call, @Input() query: z.output<typeof listDelegations.input>) {
    return this.delegations.list(actor, query);
  }

  @Handles(summarizeDelegation)
  summarize(@Call() { actor }: Call, @Input() { delegationId }: z.output<typeof summarizeDelegation.input>) {
    return this.delegations.summarize(actor, delegationId);
  }

  @Handles(findTurned)
  turned(@Input() { since }: z.output<typeof findTurned.input>) {
    return this.delegations.turned(since);
  }

  @Handles(createDelegation)
  create(@Call() call: Call, @Input() input: z.output<typeof createDelegation.input>) {
    return this.delegations.create(call, input);
  }

  @Handles(revokeDelegation)
  revoke(@Call() call: Call, @Input() { delegationId }: z.output<typeof revokeDelegation.input>) {
    return this.delegations.revoke(call, delegationId);
  }
}
