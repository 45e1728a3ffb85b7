import { useMutation, useQueryClient, type QueryKey, type UseMutationResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '#client/problem';
import { report, type Undo } from './messages.js';

interface Operation<I, O> {
  run: (input: I) => Promise<O>;
  /** The operation by name, as the message zone tells it: "Delete customer 中興". */
  what: (input: I) => string;
  /** Queries that it makes out of date. */
  refreshes: QueryKey[];
  undo?: (output: O, input: I) => Undo | undefined;
  /** Shows the outcome at once; gives what takes that back when it fails. */
  foresee?: (input: I) => Promise<() => void>;
  onDone?: (output: O, input: I) => void;
}

/** A change of the user's: its success, or its failure with the reason, appears in the message zone. */
export function useOperation<I, O>(
  operation: Operation<I, O>,
): UseMutationResult<O, Error, I, (() => void) | undefined> {
  const queries = useQueryClient();
  const explain = useExplanation();
  return useMutation({
    mutationFn: operation.run,
    onMutate: async (input) => operation.foresee?.(input),
    onSuccess: (output, input) => {
      report({ ok: true, what: operation.what(input), undo: operation.undo?.(output, input) });
      operation.onDone?.(output, input);
    },
    onError: (error, input, takeBack) => {
      takeBack?.();
      report({ ok: false, what: operation.what(input), reason: explain(error) });
    },
    onSettled: () => Promise.all(operation.refreshes.map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}

/** Why something failed, for the user: the API's own words where it has spoken. */
export function useExplanation(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => {
    // What `fetch` throws when nobody answers.
    if (error instanceof TypeError) return t('app.unreachable');
    if (!(error instanceof ProblemError)) return t('app.broken');
    const fields = error.faults.map(({ pointer, message }) => `${pointer.replace(/^[/?]/, '')}: ${message}`);
    return fields.length > 0 ? `${error.message} (${fields.slice(0, 3).join('; ')})` : error.message;
  };
}
