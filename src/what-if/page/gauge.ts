import { svg } from './dom.js';
import type { Model } from './model.js';

const RADIUS = 80;

/** A half circle from 0 to 1 with the risk tiers, and a needle where the probability is. */
export function gaugePicture({ medium, high }: Model['thresholds'], probability?: number): SVGSVGElement {
  const label = probability === undefined ? 'No score' : `Probability ${probability}, on a scale from 0 to 1`;
  const picture = svg(
    'svg',
    { viewBox: '0 0 200 112', role: 'img', 'aria-label': label },
    arc('low', 0, medium),
    arc('medium', medium, high),
    arc('high', high, 1),
    ...[0, medium, high, 1].map(mark),
  );
  if (probability !== undefined) {
    const [x, y] = point(probability, RADIUS - 14);
    picture.append(
      svg('line', { class: 'needle', x1: 100, y1: 96, x2: x, y2: y }),
      svg('circle', { class: 'hub', cx: 100, cy: 96, r: 5 }),
    );
  }
  return picture;
}

function arc(tier: string, from: number, to: number): SVGPathElement {
  const [startX, startY] = point(from, RADIUS);
  const [endX, endY] = point(to, RADIUS);
  return svg('path', {
    class: `tier-${tier}`,
    d: `M ${startX} ${startY} A ${RADIUS} ${RADIUS} 0 0 1 ${endX} ${endY}`,
  });
}

function mark(threshold: number): SVGTextElement {
  const isEnd = threshold === 0 || threshold === 1;
  const [x, y] = isEnd ? [threshold === 0 ? 20 : 180, 110] : point(threshold, RADIUS + 12);
  return svg('text', { x, y, 'text-anchor': 'middle' }, String(Number(threshold.toFixed(2))));
}

function point(probability: number, radius: number): [number, number] {
  const angle = Math.PI * (1 - probability);
  return [100 + radius * Math.cos(angle), 96 - radius * Math.sin(angle)];
}
