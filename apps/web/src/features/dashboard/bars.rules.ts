import type { EChartsCoreOption } from 'echarts/core';

export interface Bar {
  name: string;
  value: number;
  color?: string;
}

const LEFT = { left: 8, right: 16, top: 16, bottom: 8, containLabel: true };

/** One bar for each month, or each age. */
export const columns = (bars: Bar[]): EChartsCoreOption => ({
  grid: LEFT,
  tooltip: { trigger: 'axis' },
  xAxis: { type: 'category', data: bars.map(({ name }) => name), axisLabel: { hideOverlap: true } },
  yAxis: { type: 'value' },
  series: [{ type: 'bar', data: bars.map(item), itemStyle: { color: '#4a8fc7' } }],
});

/** One bar for each step, the first at the top. */
export const funnel = (bars: Bar[]): EChartsCoreOption => ({
  grid: LEFT,
  tooltip: { trigger: 'axis' },
  xAxis: { type: 'value', minInterval: 1 },
  yAxis: { type: 'category', inverse: true, data: bars.map(({ name }) => name) },
  series: [
    { type: 'bar', data: bars.map(item), label: { show: true, position: 'right' }, itemStyle: { color: '#4a8fc7' } },
  ],
});

const item = ({ value, color }: Bar) => ({ value, ...(color && { itemStyle: { color } }) });
