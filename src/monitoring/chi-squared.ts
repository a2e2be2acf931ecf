const LANCZOS_G = 7;
/** Of Lanczos' approximation of the gamma function, for g = 7 and nine terms: exact to 15 digits. */
const LANCZOS_TERMS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
const LEAST_STEP = 1e-16;
const TINY = 1e-300;
const BISECTIONS = 100;

/** @returns the value that a chi-squared variable exceeds with this probability; 0 without degrees of freedom */
export function chiSquaredQuantile(exceeded: number, degreesOfFreedom: number): number {
  if (degreesOfFreedom <= 0) {
    return 0;
  }
  let low = 0;
  let high = degreesOfFreedom;
  while (chiSquaredTail(high, degreesOfFreedom) > exceeded) {
    low = high;
    high *= 2;
  }
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (chiSquaredTail(middle, degreesOfFreedom) > exceeded) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return high;
}

/** @returns the probability with which a chi-squared variable exceeds a value */
export function chiSquaredTail(value: number, degreesOfFreedom: number): number {
  return upperGamma(degreesOfFreedom / 2, value / 2);
}

/**
 * The regularised upper incomplete gamma function Q(a, x): by its power series where x is small, otherwise by its continued
 * fraction, evaluated by Lentz's method (NIST's Digital Library of Mathematical Functions, 8.7.1 and 8.9.2).
 */
function upperGamma(a: number, x: number): number {
  if (x <= 0) {
    return 1;
  }
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - front * lowerSeries(a, x) : front * upperFraction(a, x);
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; term > sum * LEAST_STEP; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1, factor = 0; Math.abs(factor - 1) > 2 * Number.EPSILON; n++) {
    const numerator = n * (a - n);
    b += 2;
    d = 1 / (numerator * d + b || TINY);
    c = b + numerator / c || TINY;
    factor = c * d;
    fraction *= factor;
  }
  return fraction;
}

/** Of a positive number. */
function logGamma(z: number): number {
  if (z < 0.5) {
    return Math.log(Math.PI / Math.sin(Math.PI * z)) - logGamma(1 - z);
  }
  const [first = NaN, ...others] = LANCZOS_TERMS;
  const sum = others.reduce((total, term, index) => total + term / (z + index), first);
  const t = z - 1 + LANCZOS_G + 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (z - 0.5) * Math.log(t) - t + Math.log(sum);
}
