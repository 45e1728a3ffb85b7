import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { getDigest, listDigests, previewDigest } from '#contracts/billing';
import { Call, Handles, Input } from '#messaging/handles';
import { DigestService } from './digest.service.js';

@Controller()
export class DigestHandlers {
  constructor(private readonly digests: DigestService) {}

  @Handles(listDigests)
  list(@Input() input: z.output<typeof listDigests.input>, @Call() { actor }: Call) {
    return this.digests.list(actor, input);
  }

  @Handles(getDigest)
  get(@Input() input: z.output<typeof getDigest.input>, @Call() { actor }: Call) {
    return this.digests.get(actor, input);
  }

  @Handles(previewDigest)
  preview(@Input() input: z.output<typeof previewDigest.input>, @Call() { actor }: Call) {
    return this.digests.preview(actor, input);
  }
}
