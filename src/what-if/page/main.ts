import { byId, inputById } from './dom.js';
import { ContractForm } from './form.js';
import type { Model, Problem } from './model.js';
import { fieldErrors, isUnauthorized, noReasonsInWords, problemInWords } from './problem-in-words.js';
import { Requests } from './requests.js';
import { ScoreView } from './score-view.js';
import { servedModel } from './served.js';
import { exampleCustomer, fromFragment, toFragment } from './url-state.js';

/** What the page waits for while somebody types. */
const TYPING_PAUSE_MS = 150;

const requests = new Requests();
let rescore = start;

byId('key').addEventListener('submit', (event) => {
  event.preventDefault();
  const field = inputById('api-key');
  requests.useKey(field.value);
  field.value = '';
  byId('key').hidden = true;
  void rescore();
});
void start();

async function start(): Promise<void> {
  say('Loading the model…');
  try {
    show(await requests.model());
  } catch (error) {
    fail(error);
  }
}

function show(model: Model): void {
  say('');
  const form = new ContractForm(model.features);
  const view = new ScoreView(model.thresholds);
  const restore = (): void => {
    form.fill(fromFragment(location.hash, model.features));
    void rescore();
  };
  byId('served').replaceChildren(...servedModel(model));
  byId('content').hidden = false;

  let latest = new AbortController();
  rescore = async () => {
    latest.abort();
    const { signal } = (latest = new AbortController());
    try {
      const score = await requests.score(form.customer(), signal);
      signal.throwIfAborted();
      form.showErrors();
      view.show(score);
      say(score.refusal === undefined ? '' : noReasonsInWords(score.refusal));
    } catch (error) {
      if (!signal.aborted) {
        view.clear();
        form.showErrors(fail(error));
      }
    }
  };

  let pause: ReturnType<typeof setTimeout> | undefined;
  byId('customer').addEventListener('input', () => {
    forgetLink();
    clearTimeout(pause);
    pause = setTimeout(() => void rescore(), TYPING_PAUSE_MS);
  });
  byId('customer').addEventListener('submit', (event) => {
    event.preventDefault();
  });
  byId('again').addEventListener('click', () => void rescore());
  byId('reset').addEventListener('click', () => {
    forgetLink();
    form.fill(exampleCustomer(model.features));
    void rescore();
  });
  byId('copy').addEventListener('click', () => void copyLink(toFragment(form.customer(), model.features)));
  addEventListener('hashchange', restore);
  restore();
}

/** Takes the copied state out of the address bar, since the form no longer has it. */
function forgetLink(): void {
  if (location.hash !== '') {
    history.replaceState(null, '', location.pathname + location.search);
  }
}

/** Puts the link into the address bar as well, from where it can be copied if the clipboard is closed. */
async function copyLink(fragment: string): Promise<void> {
  history.replaceState(null, '', `${location.pathname}${location.search}#${fragment}`);
  try {
    await navigator.clipboard.writeText(location.href);
    say('The link is copied.');
  } catch {
    say('The clipboard is closed to this page: copy the link from the address bar.');
  }
}

function say(text: string): void {
  byId('status').textContent = text;
}

/** Says what went wrong. Returns the errors that belong to fields. */
function fail(error: unknown): Problem['errors'] {
  byId('key').hidden = !isUnauthorized(error);
  say(problemInWords(error));
  return fieldErrors(error);
}
