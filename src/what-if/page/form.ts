import { byId, inputById } from './dom.js';
import { type Field, makeField } from './field.js';
import type { Customer, Feature, Problem } from './model.js';

/** From this many features on, the list scrolls and has a filter. */
const WIDE = 12;

/** The form of the contract. */
export class ContractForm {
  private readonly fields: readonly Field[];

  constructor(features: readonly Feature[]) {
    this.fields = features.map(makeField);
    const form = byId('customer');
    form.replaceChildren(...this.fields.map(({ element }) => element));
    form.classList.toggle('wide', features.length > WIDE);
    byId('filter-box').hidden = features.length <= WIDE;
    const filter = inputById('filter');
    filter.addEventListener('input', () => {
      this.filter(filter.value.trim().toLowerCase());
    });
  }

  customer(): Customer {
    return Object.fromEntries(this.fields.map((field) => [field.feature.name, field.get()]));
  }

  fill(customer: Customer): void {
    for (const field of this.fields) {
      field.set(customer[field.feature.name] ?? null);
    }
  }

  /** Shows the errors at their fields, also at those that the filter hides. */
  showErrors(errors: Problem['errors'] = []): void {
    const details = new Map(errors.map(({ pointer, detail }) => [nameIn(pointer), detail]));
    for (const field of this.fields) {
      const detail = details.get(field.feature.name) ?? '';
      field.showError(detail);
      field.element.hidden &&= detail === '';
    }
  }

  private filter(text: string): void {
    for (const { feature, element } of this.fields) {
      element.hidden = !`${feature.name} ${feature.description ?? ''}`.toLowerCase().includes(text);
    }
  }
}

/** The name of the field that a JSON pointer points to. */
function nameIn(pointer: string): string {
  return pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
}
