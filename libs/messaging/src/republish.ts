import { Injectable, Logger, SetMetadata, applyDecorators } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Outbox, NewEvent } from './outbox.js';

/** What an owner tells of the present state of one of its aggregates. */
export type StateEvent = Omit<NewEvent, 'by'>;

/** What a class marked with `@Republishes` must have. */
export interface TellsStates {
  /** The present state of every aggregate of a kind, read in pages, each at its version of now. */
  states(): AsyncIterable<StateEvent>;
}

export const REPUBLISHES = Symbol('republishes');

/** Marks a provider that can tell all that its service owns, once more. */
export function Republishes(): <T extends new (...args: never[]) => TellsStates>(c: T) => void {
  return applyDecorators(Injectable(), SetMetadata(REPUBLISHES, true));
}

const BATCH = 500;

/**
 * The `republish` command: tells the present state of everything as new events, so that an emptied projection fills
 * again. One that is up to date ignores them, because no version is newer; so does one that has seen a change that
 * happened meanwhile.
 */
export class Republisher {
  private readonly logger = new Logger(Republisher.name);

  constructor(
    private readonly sources: () => readonly TellsStates[],
    private readonly outbox: Outbox,
    private readonly dataSource: DataSource,
  ) {}

  /** Gives how many events it wrote into the outbox. */
  async run(): Promise<number> {
    let told = 0;
    const tell = async (events: NewEvent[]) => {
      await this.dataSource.transaction((tx) => this.outbox.addMany(tx, events));
      told += events.length;
    };
    for (const source of this.sources()) {
      const batch: NewEvent[] = [];
      for await (const state of source.states()) {
        batch.push({ ...state, by: null });
        if (batch.length === BATCH) await tell(batch.splice(0));
      }
      await tell(batch);
    }
    this.logger.log(`${told} states are in the outbox`);
    return told;
  }
}
