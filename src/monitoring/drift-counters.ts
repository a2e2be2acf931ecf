/** Names of the counters from which drift is computed. */
export const FEATURE_ROWS = 'feature_rows_total';
export const SCORE_ROWS = 'score_rows_total';
