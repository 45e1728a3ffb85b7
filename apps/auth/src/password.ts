import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { randomInt } from 'node:crypto';

/** argon2id (the library's default kind); OWASP's recommendation: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
// Without 0/O, 1/l/I and the like: it is read aloud and typed by hand.
const ALPHABET = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LENGTH = 16;

export const hashPassword = (password: string): Promise<string> => hash(password, COST);

/** A password to be changed at once: about 92 bits. `pick(n)` gives one of 0 … n − 1. */
export function oneTimePassword(pick: (n: number) => number = (n) => randomInt(n)): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[pick(ALPHABET.length)]).join('');
}

/** The same password from the same 256 bits. */
export function passwordFrom(bits: Buffer): string {
  let left = BigInt(`0x${bits.toString('hex')}`);
  return oneTimePassword((n) => {
    const picked = Number(left % BigInt(n));
    left /= BigInt(n);
    return picked;
  });
}

@Injectable()
export class Passwords {
  private readonly nobodys = hashPassword(oneTimePassword());

  /** Takes as long when there is no hash to compare with: the time tells nothing about which names exist. */
  async matches(passwordHash: string | undefined, password: string): Promise<boolean> {
    const matches = await verify(passwordHash ?? (await this.nobodys), password);
    return passwordHash !== undefined && matches;
  }
}
