import { LineController, LineElement, LinearScale, PointElement, Tooltip } from 'chart.js';
import { provideCharts } from 'ng2-charts';

/** Only what a line chart needs: the legend and the text alternative are HTML. */
export const lineCharts = provideCharts({
  registerables: [LineController, LineElement, PointElement, LinearScale, Tooltip],
});
