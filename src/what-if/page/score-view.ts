import { byId } from './dom.js';
import { gaugePicture } from './gauge.js';
import type { Model } from './model.js';
import type { Score } from './requests.js';
import { waterfallTable } from './waterfall.js';

/** Shows a score and its reasons. */
export class ScoreView {
  constructor(private readonly thresholds: Model['thresholds']) {}

  show({ prediction, explanation }: Score): void {
    const { churn_probability: probability, risk_tier: tier, churn_prediction: churns } = prediction;
    byId('gauge').replaceChildren(gaugePicture(this.thresholds, probability));
    byId('probability').textContent = `${(probability * 100).toFixed(2)} %`;
    byId('tier').textContent = `${tier} risk`;
    byId('tier').className = `tier ${tier.toLowerCase()}`;
    byId('decision').textContent =
      `Predicted to ${churns ? 'churn' : 'stay'} (threshold ${this.thresholds.decision}).`;
    byId('waterfall').replaceChildren(
      explanation === undefined ? 'No reasons for this score.' : waterfallTable(explanation),
    );
    byId('again').hidden = explanation !== undefined;
  }

  /** Shows that there is no score. */
  clear(): void {
    byId('gauge').replaceChildren(gaugePicture(this.thresholds));
    byId('probability').textContent = '–';
    byId('tier').textContent = '';
    byId('tier').className = '';
    byId('decision').textContent = '';
    byId('waterfall').replaceChildren('No score, so no reasons.');
    byId('again').hidden = false;
  }
}
