import { QueryClient } from '@tanstack/react-query';
import { ProblemError } from '#client/problem';

/** Nobody answered, or whoever should was away for a moment. */
const passing = (error: Error) =>
  error instanceof TypeError || (error instanceof ProblemError && [503, 504].includes(error.status));

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Live events tell what has changed; this is for what they missed.
      staleTime: 30_000,
      retry: (times, error) => times < 3 && passing(error),
    },
  },
});
