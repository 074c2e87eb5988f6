import { LineController, LineElement, LinearScale, PointElement, Tooltip } from 'chart.js';
import { provideCharts } from 'ng2-charts';

/** Of Chart.js, what a chart of lines needs. */
export const lineRegisterables = [LineController, LineElement, PointElement, LinearScale, Tooltip];

/** Only what a line chart needs: the legend and the text alternative are HTML. */
export const lineCharts = provideCharts({ registerables: lineRegisterables });
