import { useSearchParams } from 'react-router';
import { BUCKETS, type Bucket } from './receivable.queries.js';

interface Chosen {
  asOf?: string;
  ownerId?: string;
  bucket?: Bucket;
  /** Service fees that fall due within this span are shown, not arrears. */
  within?: string;
}

/** What the page is narrowed to, kept in its address: the links in a digest lead to just these. */
export function useChosen(): Chosen & { choose: (change: Chosen) => void } {
  const [params, setParams] = useSearchParams();
  const choose = (change: Chosen) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(change) as [string, string | undefined][]) {
          if (value === undefined) next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  return {
    asOf: params.get('asOf') ?? undefined,
    ownerId: params.get('ownerId') ?? undefined,
    bucket: BUCKETS.find((one) => one === params.get('bucket')),
    within: params.get('within') ?? undefined,
    choose,
  };
}
