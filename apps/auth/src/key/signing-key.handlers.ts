import { Controller } from '@nestjs/common';
import { listKeys } from '#contracts/auth';
import { Handles } from '#messaging/handles';
import { SigningKeys } from './signing-key.service.js';

@Controller()
export class SigningKeyHandlers {
  constructor(private readonly keys: SigningKeys) {}

  @Handles(listKeys)
  list() {
    return this.keys.list();
  }
}
