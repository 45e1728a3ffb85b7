import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Metric } from '#messaging/metrics';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What a service counts about itself, in Prometheus' terms. */
export class Metrics {
  readonly registry = new Registry();
  private readonly requested = this.histogram('bus_request_duration_seconds', 'Requests sent', ['subject', 'outcome']);
  private readonly handled = this.histogram('bus_handler_duration_seconds', 'Requests answered', [
    'subject',
    'outcome',
  ]);
  private readonly projected = this.counter('events_projected_total', 'Events taken from others', ['consumer']);
  private readonly projecting = this.histogram('projection_batch_duration_seconds', 'Batches applied', ['consumer']);
  private readonly parked = this.counter('messages_parked_total', 'Messages set aside after too many tries', [
    'consumer',
  ]);
  private readonly missed = this.counter('events_missed_total', 'Events gone before they were seen: republish', [
    'consumer',
  ]);
  private readonly published = this.counter('events_published_total', 'Events published', []);
  private readonly refilled = this.counter('events_refilled_total', 'Events published again into a lost stream', [
    'stream',
  ]);
  private readonly worked = this.histogram('job_duration_seconds', 'Jobs done', ['consumer', 'outcome']);

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
  }

  readonly onMetric = (metric: Metric): void => {
    switch (metric.kind) {
      case 'requested':
        return this.requested.observe({ subject: metric.subject, outcome: metric.outcome }, metric.ms / 1_000);
      case 'handled':
        return this.handled.observe({ subject: metric.subject, outcome: metric.outcome }, metric.ms / 1_000);
      case 'projected':
        this.projected.inc({ consumer: metric.consumer }, metric.count);
        return this.projecting.observe({ consumer: metric.consumer }, metric.ms / 1_000);
      case 'worked':
        return this.worked.observe({ consumer: metric.consumer, outcome: metric.outcome }, metric.ms / 1_000);
      case 'parked':
        return this.parked.inc({ consumer: metric.consumer }, metric.count);
      case 'missed':
        return this.missed.inc({ consumer: metric.consumer }, metric.count);
      case 'published':
        return this.published.inc(metric.count);
      case 'refilled':
        return this.refilled.inc({ stream: metric.stream }, metric.count);
    }
  };

  histogram<L extends string>(name: string, help: string, labelNames: L[]): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets: SECONDS, registers: [this.registry] });
  }

  /** A value that is asked for whenever the metrics are read; left out while asking fails. */
  gauge<L extends string>(name: string, help: string, labelNames: L[], read: (gauge: Gauge<L>) => Promise<void>): void {
    new Gauge<L>({
      name,
      help,
      labelNames,
      registers: [this.registry],
      async collect() {
        await read(this).catch(() => this.reset());
      },
    });
  }

  private counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
}
