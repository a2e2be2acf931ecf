import { html } from './dom.js';
import type { Feature, Value } from './model.js';

/** What a person sets a value with. */
export interface Control {
  /** The element that the label names. */
  readonly main: HTMLElement;
  readonly elements: readonly HTMLElement[];
  /** Whether "missing" is among its own choices. */
  readonly choosesMissing: boolean;
  get(): Value;
  set(value: Value): void;
  disable(isDisabled: boolean): void;
}

/** A choice among values, with "missing" where the value may be. */
export function choice(
  { nullable }: Feature,
  id: string,
  options: readonly { readonly value: Value; readonly text: string }[],
): Control {
  const all = nullable ? [...options, { value: null, text: '(missing)' }] : options;
  const select = html(
    'select',
    { id },
    ...all.map(({ text }, index) => html('option', { value: index }, text)),
  );
  return {
    main: select,
    elements: [select],
    choosesMissing: true,
    get: () => all[select.selectedIndex]?.value ?? null,
    set: (value) => {
      select.selectedIndex = all.findIndex((option) => option.value === value);
    },
    disable: () => undefined,
  };
}

/** A switch, or a choice of three where the value may be missing. */
export function yesOrNoControl(feature: Feature, id: string): Control {
  if (feature.nullable) {
    return choice(feature, id, [
      { value: true, text: 'yes' },
      { value: false, text: 'no' },
    ]);
  }
  const box = html('input', { type: 'checkbox', role: 'switch', id });
  return {
    main: box,
    elements: [box],
    choosesMissing: false,
    get: () => box.checked,
    set: (value) => {
      box.checked = value === true;
    },
    disable: () => undefined,
  };
}
