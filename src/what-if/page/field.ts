import { categoryControl } from './category-control.js';
import { type Control, yesOrNoControl } from './control.js';
import { html } from './dom.js';
import type { Feature, Value } from './model.js';
import { numberControl } from './number-control.js';

/** A feature in the form. */
export interface Field {
  readonly feature: Feature;
  readonly element: HTMLElement;
  get(): Value;
  set(value: Value): void;
  /** Shows what is wrong with the value, or nothing. */
  showError(detail: string): void;
}

export function makeField(feature: Feature, index: number): Field {
  const id = `feature-${index}`;
  const control = makeControl(feature, id);
  const error = html('p', { class: 'error', id: `${id}-error` });
  const description = html('p', { class: 'description', id: `${id}-description` }, describe(feature));
  const missing = html('input', { type: 'checkbox', id: `${id}-missing` });
  const hasBox = feature.nullable && !control.choosesMissing;
  const described = `${error.id} ${description.id}`;
  control.main.setAttribute('aria-describedby', described);
  const enable = (): void => {
    control.disable(missing.checked);
  };
  missing.addEventListener('change', enable);
  const missingLabel = html('label', { class: 'missing', for: missing.id }, missing, ' missing');
  missing.setAttribute('aria-label', `${feature.name} is missing`);
  return {
    feature,
    element: html(
      'div',
      { class: 'field' },
      html(
        'div',
        { class: 'head' },
        html('label', { for: id }, feature.name),
        ...(hasBox ? [missingLabel] : []),
      ),
      ...control.elements,
      description,
      error,
    ),
    get: () => (hasBox && missing.checked ? null : control.get()),
    set: (value) => {
      missing.checked = hasBox && value === null;
      control.set(value);
      enable();
    },
    showError: (detail) => {
      error.textContent = detail;
      control.main.setAttribute('aria-invalid', String(detail !== ''));
    },
  };
}

function makeControl(feature: Feature, id: string): Control {
  switch (feature.type) {
    case 'integer':
    case 'number':
      return numberControl(feature, id);
    case 'boolean':
      return yesOrNoControl(feature, id);
    case 'category':
      return categoryControl(feature, id);
  }
}

function describe({ description = '', unit }: Feature): string {
  return unit === undefined ? description : `${description} (${unit})`.trim();
}
