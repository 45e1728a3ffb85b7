import { BarChart } from 'echarts/charts';
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { init, use as register, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { usePreferences } from '../../app/preferences.js';

register([BarChart, GridComponent, TooltipComponent, AriaComponent, SVGRenderer]);

/** A chart as large as its place, redrawn with it. */
export default function Chart({ option, label }: { option: EChartsCoreOption; label: string }) {
  const { shade } = usePreferences();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current) return;
    const chart = init(place.current, shade === 'dark' ? 'dark' : undefined, { renderer: 'svg' });
    chart.setOption({ animation: false, aria: { enabled: true }, backgroundColor: 'transparent', ...option });
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(place.current);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [option, shade]);
  return <div ref={place} role="img" aria-label={label} style={{ width: '100%', height: '100%' }} />;
}
