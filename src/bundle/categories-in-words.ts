const MOST_LISTED = 20;
/** A category may have 256 characters, and an answer lists them for each error. */
const MOST_CHARACTERS = 400;

/** Lists categories as JSON, the first of them if they are many or long. */
export function categoriesInWords(categories: readonly string[]): string {
  const listed: string[] = [];
  let characters = 0;
  for (const category of categories.slice(0, MOST_LISTED)) {
    const text = JSON.stringify(category);
    characters += text.length;
    if (characters > MOST_CHARACTERS) {
      break;
    }
    listed.push(text);
  }
  const hidden = categories.length - listed.length;
  if (hidden === 0) {
    return listed.join(', ');
  }
  return listed.length === 0 ? `${hidden} long categories` : `${listed.join(', ')} and ${hidden} others`;
}
