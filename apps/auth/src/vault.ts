import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

type Purpose = 'signing-key' | 'refresh-token' | 'initial-password' | 'api-token' | 'fingerprint';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * What is done with `AUTH_KEY_SECRET`. Each purpose has a key of its own, so that what leaks from one says nothing of
 * another.
 */
export class Vault {
  private readonly keys = new Map<Purpose, Buffer>();

  constructor(private readonly secret: string) {}

  /** Encrypts; what it gives can be opened for the same purpose and context alone. */
  seal(purpose: Purpose, context: string, plain: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.key(purpose), iv).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** Throws if it was sealed with another secret or context, or was tampered with. */
  open(purpose: Purpose, context: string, sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv(CIPHER, this.key(purpose), bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  }

  /** 256 bits that only the holder of the secret can derive from `data`; the same ones each time. */
  derive(purpose: Purpose, data: string): Buffer {
    return createHmac('sha256', this.key(purpose)).update(data).digest();
  }

  private key(purpose: Purpose): Buffer {
    const known = this.keys.get(purpose);
    if (known) return known;
    const key = Buffer.from(hkdfSync('sha256', this.secret, 'hongfuxing-auth', purpose, 32));
    this.keys.set(purpose, key);
    return key;
  }
}
