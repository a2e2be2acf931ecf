import type { Control } from './control.js';
import { html } from './dom.js';
import { histogramPicture } from './histogram.js';
import type { Feature } from './model.js';

/** Bounds beyond this are those of the tensor: no slider reaches there. */
const GREATEST_BOUND = 1e9;
const SLIDER_STEPS = 200;

/** A field for the exact value, and a slider over the range of the training data with its histogram behind it. */
export function numberControl(feature: Feature, id: string): Control {
  const field = html('input', { type: 'number', id, step: feature.type === 'integer' ? 1 : 'any' });
  const range = sliderRange(feature);
  const slider = html('input', { type: 'range', 'aria-label': `${feature.name}, slider` });
  if (range !== undefined) {
    const [low, high] = range;
    slider.min = String(low);
    slider.max = String(high);
    slider.step = feature.type === 'integer' ? '1' : String(sliderStep(high - low));
  }
  const follow = (): void => {
    slider.value = field.value;
  };
  field.addEventListener('input', follow);
  slider.addEventListener('input', () => {
    field.value = slider.value;
  });
  const histogram = feature.statistics?.histogram;
  const track = html('div', { class: 'track' });
  if (histogram !== undefined) {
    track.append(histogramPicture(histogram));
  }
  track.append(slider);
  return {
    main: field,
    elements: [html('div', { class: 'number' }, ...(range === undefined ? [] : [track]), field)],
    choosesMissing: false,
    get: () => {
      if (field.validity.badInput) {
        // The service refuses a text, and so marks the field.
        return '';
      }
      return field.value === '' ? null : Number(field.value);
    },
    set: (value) => {
      field.value = typeof value === 'number' ? String(value) : '';
      follow();
    },
    disable: (isDisabled) => {
      field.disabled = slider.disabled = isDisabled;
    },
  };
}

function sliderRange({ statistics, bounds }: Feature): [number, number] | undefined {
  const edges = statistics?.histogram?.edges ?? [];
  const low = edges[0] ?? bounds?.minimum ?? -Infinity;
  // The last bin of integers ends beyond the greatest one.
  const high = Math.min(edges.at(-1) ?? Infinity, bounds?.maximum ?? Infinity);
  return Math.max(-low, high) < GREATEST_BOUND && low < high ? [low, high] : undefined;
}

/** A power of ten, so that the slider gives short numbers. */
function sliderStep(span: number): number {
  return Number((10 ** Math.floor(Math.log10(span / SLIDER_STEPS))).toPrecision(1));
}
