import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AppError } from '#contracts/errors';
import { Clock } from '#platform/clock';
import { Vault } from '../vault.js';
import { LoginGuardRepository } from './login-guard.repository.js';
import {
  addressKey,
  countAttempt,
  pauseAt,
  pauseBeforeAttempt,
  placesThatBind,
  type Counter,
  type Counters,
  type Place,
} from './login-guard.rules.js';

/** Where an attempt comes from. `device` is what the caller's browser keeps, empty if it keeps nothing yet. */
export interface Origin {
  address: string;
  device?: string;
}

/** An attempt that was let through, and is counted as a failure until it is told otherwise. */
export interface Attempt extends Source {
  known: boolean;
}

/** Whose failures count together: those of a device that the account's owner signed in with, or of an address. */
interface Source {
  account: string;
  address: string;
  origin: Origin;
}

const DAY_MS = 86_400_000;
const ADDRESS_KNOWN_MS = 90 * DAY_MS;

/** Counts guesses at passwords in the database, so that all replicas count as one. */
@Injectable()
export class LoginGuard {
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly counters: LoginGuardRepository,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /**
   * Lets `work` verify a password, if that may be now. `username` is folded, and need not exist.
   * Errors: `too-many-requests/too-many-attempts` with `retryAfter`, in seconds.
   */
  async attempt<T>(username: string, origin: Origin, work: (attempt: Attempt) => Promise<T>): Promise<T> {
    const source = await this.sourceOf(this.digest(username), origin);
    return this.inTurn(keysOf(source).pair, async () => work(await this.admit(source)));
  }

  /** A known device counts as an address of its own, wherever it is: so nobody else's guesses stand in its way. */
  private async sourceOf(account: string, origin: Origin): Promise<Source> {
    const device = origin.device && this.digestOfDevice(origin.device);
    const isKnown = device && (await this.counters.isKnown(this.dataSource.manager, account, device));
    return { account, address: isKnown ? device : this.digest(addressKey(origin.address)), origin };
  }

  /**
   * An attempt counts as a failure until it has succeeded. If many of one pair were under way, the honest ones among
   * them would be taken for guesses; so in this process each awaits the outcome of the one before.
   */
  private async inTurn<T>(pair: string, work: () => Promise<T>): Promise<T> {
    const before = this.turns.get(pair);
    const mine = (async () => {
      await before?.catch(() => undefined);
      return work();
    })();
    this.turns.set(pair, mine);
    try {
      return await mine;
    } finally {
      if (this.turns.get(pair) === mine) this.turns.delete(pair);
    }
  }

  private async admit(source: Source): Promise<Attempt> {
    return this.dataSource.transaction(async (tx) => {
      const { account, address } = source;
      const keys = keysOf(source);
      const known = await this.counters.isKnown(tx, account, address);
      const held = await this.counters.lock(tx, Object.values(keys), this.clock.now());
      const now = this.clock.now();
      const counter = (place: Place): Counter => held.get(keys[place]) ?? { failures: 0, lastAt: now };
      const counters: Counters = { pair: counter('pair'), address: counter('address'), account: counter('account') };

      const retryAfter = pauseBeforeAttempt(counters, known, now);
      if (retryAfter > 0) throw tooManyAttempts(retryAfter);
      for (const place of placesThatBind(known)) {
        await this.counters.write(tx, keys[place], countAttempt(counters[place], place, now));
      }
      return { ...source, known };
    });
  }

  /** The password was right: the pair begins anew; the other counters only take this attempt back. */
  async succeeded(tx: EntityManager, attempt: Attempt): Promise<void> {
    const keys = keysOf(attempt);
    const held = await this.counters.lock(tx, Object.values(keys), this.clock.now());
    for (const place of placesThatBind(attempt.known)) {
      const counter = held.get(keys[place]);
      if (!counter) continue;
      const failures = place === 'pair' ? 0 : Math.max(0, counter.failures - 1);
      await this.counters.write(tx, keys[place], { ...counter, failures });
    }
  }

  /** From here, and with this device, the account's owner has signed in. Gives what the device is to keep, if it does. */
  async remember(tx: EntityManager, { account, address, origin }: Attempt): Promise<string | undefined> {
    const now = this.clock.now();
    await this.counters.remember(tx, account, this.digest(addressKey(origin.address)), now);
    if (origin.device === undefined) return undefined;
    // What it brought along and is not known is not made so: whoever had planted it there would be known with it.
    const isKnown = address === this.digestOfDevice(origin.device);
    const device = isKnown ? origin.device : randomBytes(32).toString('base64url');
    await this.counters.remember(tx, account, this.digestOfDevice(device), now);
    return device;
  }

  /**
   * Says that an API token was shown, and which one it is, if any. Whose an unknown one was meant to be nobody can tell,
   * so guesses are counted by address alone, apart from those at passwords. Where a token was good before, the guesses
   * of others don't stand in its way.
   * Errors: `too-many-requests/too-many-attempts`.
   */
  async tokenShown(tokenId: string | undefined, from: string): Promise<void> {
    const address = this.digest(addressKey(from));
    const account = tokenId && this.digest(`api-token:${tokenId}`);
    if (account && (await this.counters.isKnown(this.dataSource.manager, account, address))) return;
    await this.dataSource.transaction(async (tx) => {
      const key = `api-tokens:${address}`;
      const now = this.clock.now();
      const counter = (await this.counters.lock(tx, [key], now)).get(key) ?? { failures: 0, lastAt: now };
      const retryAfter = pauseAt('address', counter, now);
      if (retryAfter > 0) throw tooManyAttempts(retryAfter);
      if (account) await this.counters.remember(tx, account, address, now);
      else await this.counters.write(tx, key, countAttempt(counter, 'address', now));
    });
  }

  /** Forgets what no longer weighs. */
  async purge(tx: EntityManager): Promise<void> {
    const now = this.clock.now().getTime();
    await this.counters.purge(tx, new Date(now - 2 * DAY_MS), new Date(now - ADDRESS_KNOWN_MS));
  }

  /** No address is written like this. */
  private digestOfDevice(device: string): string {
    return this.digest(`device:${device}`);
  }

  /** With the service's secret: there are few enough addresses to try them all. */
  private digest(text: string): string {
    return this.vault.derive('fingerprint', text).toString('base64url');
  }
}

const tooManyAttempts = (retryAfter: number) => new AppError('too-many-requests', 'too-many-attempts', { retryAfter });

const keysOf = ({ account, address }: Pick<Attempt, 'account' | 'address'>): Record<Place, string> => ({
  pair: `pair:${account}:${address}`,
  address: `address:${address}`,
  account: `account:${account}`,
});
