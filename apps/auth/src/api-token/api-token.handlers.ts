import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { createApiToken, exchangeApiToken, listApiTokens, revokeApiToken } from '#contracts/api-tokens';
import { Call, Handles, Input } from '#messaging/handles';
import { ApiTokenService } from './api-token.service.js';

@Controller()
export class ApiTokenHandlers {
  constructor(private readonly tokens: ApiTokenService) {}

  @Handles(listApiTokens)
  list(@Call() call: Call) {
    return this.tokens.list(call);
  }

  @Handles(createApiToken)
  create(@Input() input: z.output<typeof createApiToken.input>, @Call() call: Call) {
    return this.tokens.create(input, call);
  }

  @Handles(revokeApiToken)
  revoke(@Input() { tokenId }: z.output<typeof revokeApiToken.input>, @Call() call: Call) {
    return this.tokens.revoke(tokenId, call);
  }

  @Handles(exchangeApiToken)
  exchange(@Input() input: z.output<typeof exchangeApiToken.input>) {
    return this.tokens.exchange(input);
  }
}
