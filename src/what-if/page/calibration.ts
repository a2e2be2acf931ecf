import { svg } from './dom.js';
import type { CalibrationPoint } from './model.js';

/** The observed churn over the predicted one. On the diagonal they are equal. */
export function calibrationPicture(points: readonly CalibrationPoint[]): SVGSVGElement {
  const places = points.map(({ mean_probability, churn_ratio }) => [
    20 + mean_probability * 100,
    110 - churn_ratio * 100,
  ]);
  const label = (text: string, x: number, y: number, anchor: 'start' | 'middle' | 'end'): SVGTextElement =>
    svg('text', { x, y, 'text-anchor': anchor }, text);
  const observed = label('observed', 0, 0, 'middle');
  observed.setAttribute('transform', 'translate(15 60) rotate(-90)');
  return svg(
    'svg',
    { class: 'calibration', viewBox: '0 0 130 125', role: 'img', 'aria-label': 'Calibration curve' },
    svg('path', { class: 'axes', d: 'M 20 10 V 110 H 120' }),
    svg('path', { class: 'diagonal', d: 'M 20 110 L 120 10' }),
    label('0', 20, 119, 'middle'),
    label('predicted', 70, 119, 'middle'),
    label('1', 120, 119, 'middle'),
    label('0', 17, 112, 'end'),
    observed,
    label('1', 17, 13, 'end'),
    svg('polyline', { points: places.map((place) => place.join(',')).join(' ') }),
    ...places.map(([cx = 0, cy = 0]) => svg('circle', { cx, cy, r: 2 })),
  );
}
