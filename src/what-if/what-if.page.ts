export const WHAT_IF_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>What if? – Churn model</title>
    <link rel="icon" href="docs/favicon-32x32.png">
    <link rel="stylesheet" href="what-if/page.css">
    <script type="module" src="what-if/page.js"></script>
  </head>
  <body>
    <header>
      <h1>What if?</h1>
      <p>Change a value and see how the model’s score moves. <a href="docs">API documentation</a></p>
    </header>
    <p id="status" role="status"></p>
    <form id="key" hidden>
      <label for="api-key">API key</label>
      <input id="api-key" type="password" autocomplete="off" required>
      <button>Use key</button>
      <p>It stays in the memory of this page only.</p>
    </form>
    <main id="content" hidden>
      <section aria-labelledby="customer-title">
        <h2 id="customer-title">Customer</h2>
        <div class="actions">
          <button id="reset" type="button">Start over</button>
          <button id="copy" type="button">Copy link</button>
        </div>
        <p id="filter-box" hidden>
          <label for="filter">Filter features</label>
          <input id="filter" type="search" autocomplete="off">
        </p>
        <form id="customer" autocomplete="off" novalidate></form>
      </section>
      <div class="answer">
        <section aria-labelledby="score-title">
          <h2 id="score-title">Probability of churn</h2>
          <div id="gauge"></div>
          <p id="score" aria-live="polite"><strong id="probability">–</strong> <span id="tier"></span></p>
          <p id="decision"></p>
          <button id="again" type="button" hidden>Score again</button>
        </section>
        <section aria-labelledby="reasons-title">
          <h2 id="reasons-title">Why</h2>
          <div id="waterfall"></div>
        </section>
        <section aria-labelledby="served-title">
          <h2 id="served-title">What is served</h2>
          <div id="served"></div>
        </section>
      </div>
    </main>
    <noscript>This page needs JavaScript.</noscript>
  </body>
</html>
`;
