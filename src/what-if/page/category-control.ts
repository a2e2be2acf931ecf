import { choice, type Control } from './control.js';
import { html } from './dom.js';
import type { Feature } from './model.js';

/** A choice among the categories, or a text that suggests them where others are accepted too. */
export function categoryControl(feature: Feature, id: string): Control {
  const { categories = [], unknown } = feature;
  if (unknown !== 'accept') {
    return choice(
      feature,
      id,
      categories.map((category) => ({ value: category, text: category })),
    );
  }
  const text = html('input', { type: 'text', id, list: `${id}-categories` });
  const suggestions = html(
    'datalist',
    { id: `${id}-categories` },
    ...categories.map((value) => html('option', { value })),
  );
  return {
    main: text,
    elements: [text, suggestions],
    choosesMissing: false,
    get: () => text.value,
    set: (value) => {
      text.value = typeof value === 'string' ? value : '';
    },
    disable: (isDisabled) => {
      text.disabled = isDisabled;
    },
  };
}
