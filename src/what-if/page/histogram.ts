import { svg } from './dom.js';
import type { Histogram } from './model.js';

/** Draws the counts as bars that fill the picture. */
export function histogramPicture({ edges, counts }: Histogram, label?: string): SVGSVGElement {
  const low = edges[0] ?? 0;
  const span = (edges.at(-1) ?? 1) - low || 1;
  const highest = Math.max(...counts, 1);
  const bars = counts.map((count, index) => {
    const left = (((edges[index] ?? low) - low) / span) * 100;
    const right = (((edges[index + 1] ?? low) - low) / span) * 100;
    const height = (count / highest) * 30;
    return svg('rect', { x: left, y: 30 - height, width: Math.max(right - left - 0.6, 0.2), height });
  });
  const naming = label === undefined ? { 'aria-hidden': 'true' } : { role: 'img', 'aria-label': label };
  return svg(
    'svg',
    { class: 'histogram', viewBox: '0 0 100 30', preserveAspectRatio: 'none', ...naming },
    ...bars,
  );
}
