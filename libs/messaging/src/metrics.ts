/** Something that happened and may be counted; times in ms. `outcome` is `ok` or an error's kind. */
export type Metric =
  | { kind: 'requested'; subject: string; ms: number; outcome: string }
  | { kind: 'handled'; subject: string; ms: number; outcome: string }
  | { kind: 'published'; count: number }
  | { kind: 'refilled'; stream: string; count: number }
  | { kind: 'projected'; consumer: string; count: number; ms: number }
  /** Events that aged out of the stream before the projection came to them: only a republish brings them back. */
  | { kind: 'missed'; consumer: string; count: number }
  | { kind: 'parked'; consumer: string; count: number }
  | { kind: 'worked'; consumer: string; ms: number; outcome: 'ok' | 'failed' | 'parked' };

export type OnMetric = (metric: Metric) => void;
