import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#platform/clock';
import { Metrics } from '#platform/metrics';
import { SweepRepository } from './sweep.repository.js';

/** How far the sweeps have come, for whoever watches. */
@Injectable()
export class SweepMetrics {
  constructor(metrics: Metrics, dataSource: DataSource, sweeps: SweepRepository, clock: Clock) {
    metrics.gauge('sweep_shards_open', 'Shards of begun sweeps that are to be done', [], async (gauge) =>
      gauge.set(await sweeps.openShards(dataSource.manager)),
    );
    metrics.gauge('sweep_days_behind', 'Days that are not swept whole', [], async (gauge) =>
      gauge.set(await sweeps.daysBehind(dataSource.manager, clock.today())),
    );
  }
}
