import type { Problem } from '#client/problem';
import type { components } from '#client/schema';
import { useQuery } from '@tanstack/react-query';
import { Alert, Checkbox, Form, type FormInstance } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.js';
import { useDebounced } from '../../widgets/useDebounced.js';
import type { CheckedName } from '#contracts/duplicates';
import type { CustomerValues } from './customer.form.js';
import type { Customer } from './customer.queries.js';

type Match = components['schemas']['DuplicateMatch'];
const HINTS = {
  'keyword-too-short': 'customer.keywordTooShort',
  'keyword-too-common': 'customer.keywordTooCommon',
  'keyword-too-long': 'customer.keywordTooLong',
  'keyword-not-in-name': 'customer.keywordNotInName',
} as const;

/** Whom the name and keyword in the form resemble, looked up while one types. */
export function useDuplicates(form: FormInstance<CustomerValues>, shown?: Customer) {
  const { t } = useTranslation();
  const name = (Form.useWatch('name', form) ?? '').trim();
  const keyword = (Form.useWatch('keyword', form) ?? '').trim();
  const typed = `${name}\n${keyword}`;
  const asked = useDebounced(typed, 350);
  const [settledName = '', settledKeyword = ''] = asked.split('\n');
  const changed = settledName !== shown?.name || settledKeyword !== shown.keyword;
  const [told, setTold] = useState<{ asked: string; matches: Match[]; total: number }>();
  const [acknowledgedFor, setAcknowledged] = useState<string>();
  const { data } = useQuery({
    queryKey: ['duplicate-check', settledName, settledKeyword],
    queryFn: async ({ signal }) => {
      const body = { name: settledName, keyword: settledKeyword };
      return (await client.post('/customers/duplicate-check', { body, signal })) as CheckedName;
    },
    enabled: settledName !== '' && settledKeyword !== '' && changed,
    staleTime: 60_000,
    retry: false,
  });
  const report = told?.asked === asked ? told : data;
  const matches = (report?.matches ?? []).filter(({ customerId }) => !shown || customerId !== shown.id);
  const total = (report?.total ?? 0) - ((report?.matches.length ?? 0) - matches.length);
  const hints = [
    t('customer.shorterIsBetter'),
    ...(data?.hints ?? []).map((hint) => t(HINTS[hint], { count: data?.keywordCount })),
  ];
  return {
    matches,
    total,
    hints,
    mustAcknowledge: matches.length > 0,
    /** What is shown is about what was typed a moment ago; nobody could mean to acknowledge that. */
    outdated: asked !== typed,
    acknowledged: acknowledgedFor === asked,
    acknowledge: (yes: boolean) => setAcknowledged(yes ? asked : undefined),
    /** The API has found some at the save. */
    refused: (problem: Problem) => {
      const { matches: found, total: all } = problem as unknown as { matches: Match[]; total: number };
      setTold({ asked, matches: found, total: all });
    },
  };
}

/** The warning: whom it resembles and why, and the leave to go on all the same. */
export function Duplicates({
  matches,
  total,
  outdated,
  acknowledged,
  acknowledge,
}: Pick<ReturnType<typeof useDuplicates>, 'matches' | 'total' | 'outdated' | 'acknowledged' | 'acknowledge'>) {
  const { t } = useTranslation();
  if (matches.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      className="duplicates"
      title={t('duplicate.title', { count: total })}
      description={
        <>
          <ul>
            {matches.map((match) => (
              <li key={`${match.name}${match.ownerName}`}>
                <b>{match.name}</b> · {t('customer.keyword')} {match.keyword} · {match.ownerName} · {match.statusName}
                <div className="quiet">{t(`duplicate.${match.reason}`)}</div>
              </li>
            ))}
          </ul>
          {total > matches.length && <p>{t('duplicate.more', { count: total - matches.length })}</p>}
          <Checkbox checked={acknowledged} disabled={outdated} onChange={({ target }) => acknowledge(target.checked)}>
            {t('duplicate.acknowledge')}
          </Checkbox>
        </>
      }
    />
  );
}
