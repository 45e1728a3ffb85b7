import { isDeepStrictEqual } from 'node:util';
import type { DataSource, EntityManager } from 'typeorm';
import { contactChanged } from '#contracts/contacts';
import { newEvent, type Outbox } from '#messaging/outbox';
import type { DuplicateService } from '../duplicate/duplicate.service.js';
import type { PersonalDataRepository } from './personal-data.repository.js';
import { type BlankedContact, type HeldContact, type HeldEntry } from './personal-data.repository.js';
import { BLANK, blanked, blankedChanges, patternOf, wordsFor } from './personal-data.rules.js';

/** One contact of a customer, or without it all people that are named there. */
export interface Person {
  customerId: string;
  contactId?: string;
  /** What else he is called in what was written of him. */
  words?: string[];
}

export interface Erased {
  contacts: number;
  logEntries: number;
  followUps: number;
}

/** What is held about a person, for the command that hands it out or blanks it; as the role that alone may do so. */
export class PersonalDataService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly data: PersonalDataRepository,
    private readonly duplicates: Pick<DuplicateService, 'keepNamesOf'>,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Blanks what names him; what was done, when and by whom stays. Once more changes nothing, and is not noted. Errors:
   * one that says what isn't there.
   */
  async erase(person: Person): Promise<Erased> {
    return this.acting(async (tx) => {
      const { customerId, contactId } = person;
      const { contacts, words } = await this.find(tx, person);
      const ids = contacts.map(({ id }) => id);
      const blankedContacts = await this.data.blankContacts(tx, customerId, ids);
      await this.tell(tx, customerId, blankedContacts);
      const erased = {
        contacts: blankedContacts.length,
        logEntries: await this.blankEntries(tx, customerId, contacts, words),
        followUps: await this.blankFollowUps(tx, person, words),
      };
      if (Object.values(erased).every((count) => count === 0)) return erased;
      await this.duplicates.keepNamesOf(tx, customerId);
      await this.data.note(tx, 'erased', customerId, { ...(contactId && { contactId }), ...erased });
      return erased;
    });
  }

  /** All that is held, as it is kept. Errors: as for `erase`. */
  async export(person: Person): Promise<object> {
    return this.acting(async (tx) => {
      const { customerId, contactId } = person;
      const { contacts, words } = await this.find(tx, person);
      const names = patternOf(words);
      const about = (text: string) => contactId === undefined || text.search(names) >= 0;
      const followUps = (await this.data.followUps(tx, customerId)).filter(({ content }) => about(content));
      const ofHim = ({ resource, resourceId }: HeldEntry) => resource === 'contact' && resourceId === contactId;
      const entries = (await this.data.entries(tx, customerId, words)).filter(
        (entry) => ofHim(entry) || about(JSON.stringify([entry.changes, entry.details])),
      );
      const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id);
      await this.data.note(tx, 'exported', customerId, contactId ? { contactId } : {});
      return {
        ...(!contactId && { customer: await this.data.wholeCustomer(tx, customerId) }),
        contacts: await this.data.wholeContacts(tx, idsOf(contacts)),
        followUps: await this.data.wholeFollowUps(tx, idsOf(followUps)),
        log: await this.data.wholeEntries(tx, idsOf(entries)),
      };
    });
  }

  private async acting<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (tx) => {
      await this.data.stepIn(tx);
      return work(tx);
    });
  }

  private async find(tx: EntityManager, { customerId, contactId, words }: Person) {
    if (!(await this.data.holdCustomer(tx, customerId))) throw new Error(`There is no customer ${customerId}`);
    const contacts = await this.data.contacts(tx, customerId, contactId);
    if (contactId && contacts.length === 0) throw new Error(`The customer has no contact ${contactId}`);
    return { contacts, words: wordsFor(contacts, words) };
  }

  /** Whoever has one of them on his screen is told that it is gone. */
  private async tell(tx: EntityManager, customerId: string, contacts: BlankedContact[]): Promise<void> {
    const events = contacts.map(({ id, version }) =>
      newEvent(contactChanged, {
        aggregateId: id,
        version,
        by: null,
        data: { id, customerId, primary: false, action: 'deleted' },
      }),
    );
    await this.outbox.addMany(tx, events);
  }

  private async blankEntries(tx: EntityManager, customerId: string, contacts: HeldContact[], words: string[]) {
    const ids = new Set<string | null>(contacts.map(({ id }) => id));
    const pattern = patternOf(words);
    const rewritten = (await this.data.entries(tx, customerId, words)).flatMap((entry) => {
      const { resource, resourceId, details } = entry;
      const changes = resource === 'contact' && ids.has(resourceId) ? blankedChanges(entry.changes) : entry.changes;
      const blank = { ...entry, ...blanked({ changes, details }, pattern) };
      return isDeepStrictEqual(blank, entry) ? [] : [blank];
    });
    await this.data.rewriteEntries(tx, rewritten);
    return rewritten.length;
  }

  /** Of all people there may be more in the words than anybody knows to look for. */
  private async blankFollowUps(tx: EntityManager, { customerId, contactId }: Person, words: string[]) {
    const pattern = patternOf(words);
    const rewritten = (await this.data.followUps(tx, customerId)).flatMap(({ id, content }) => {
      const blank = contactId ? blanked(content, pattern) : BLANK;
      return blank === content ? [] : [{ id, content: blank }];
    });
    await this.data.rewriteFollowUps(tx, rewritten);
    return rewritten.length;
  }
}
