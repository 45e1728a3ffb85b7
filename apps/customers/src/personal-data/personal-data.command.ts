import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Id } from '#contracts/common';
import type { PersonalDataService } from './personal-data.service.js';

const USAGE = 'usage: personal-data.js export-person | erase-person <customerId> [<contactId>] [--word <text>]…';

const Wanted = z.object({
  positionals: z.tuple([z.enum(['export-person', 'erase-person']), Id, Id.optional()]),
  values: z.object({ word: z.array(z.string().trim().min(2)).optional() }),
});

/** Gives what to tell whoever ran it. Errors: one that says how it is used; those of the service. */
export async function personalData(args: string[], service: PersonalDataService): Promise<string> {
  const wanted = Wanted.safeParse(read(args));
  if (!wanted.success) throw new Error(USAGE);
  const [act, customerId, contactId] = wanted.data.positionals;
  const person = { customerId, contactId, words: wanted.data.values.word };
  if (act === 'export-person') return JSON.stringify(await service.export(person), undefined, 2);
  const { contacts, logEntries, followUps } = await service.erase(person);
  return `Erased in ${contacts} contacts, ${logEntries} entries of the log, ${followUps} follow-ups`;
}

function read(args: string[]): unknown {
  try {
    return parseArgs({ args, allowPositionals: true, options: { word: { type: 'string', multiple: true } } });
  } catch {
    return undefined;
  }
}
