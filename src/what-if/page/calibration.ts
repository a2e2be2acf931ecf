import { svg } from './dom.js';
import type { CalibrationPoint } from './model.js';

/** The observed churn over the predicted one. On the diagonal they are equal. */
export function calibrationPicture(points: readonly CalibrationPoint[]): SVGSVGElement {
  const places = points.map(({ mean_probability, churn_ratio }) => [
    10 + mean_probability * 100,
    110 - churn_ratio * 100,
  ]);
  return svg(
    'svg',
    { class: 'calibration', viewBox: '0 0 120 120', role: 'img', 'aria-label': 'Calibration curve' },
    svg('path', { class: 'axes', d: 'M 10 10 V 110 H 110' }),
    svg('path', { class: 'diagonal', d: 'M 10 110 L 110 10' }),
    svg('polyline', { points: places.map((place) => place.join(',')).join(' ') }),
    ...places.map(([cx = 0, cy = 0]) => svg('circle', { cx, cy, r: 2 })),
  );
}
