import { createHash, randomBytes } from 'node:crypto';

// Makes an API key: the line for API_KEYS_FILE goes to stdout, the key itself to stderr, and nothing keeps it.
const [name = '', ...rest] = process.argv.slice(2);
if (rest.length > 0 || !/^[A-Za-z0-9][\w.-]{0,63}$/.test(name)) {
  console.error(
    'Usage: npm run api-key -- NAME\n' +
      'NAME says whose key it is: 1 to 64 letters, digits and _.- and begins with a letter or a digit.',
  );
  process.exit(1);
}
const key = `cmk_${randomBytes(32).toString('base64url')}`;
console.error(
  `The key, which is shown only now. Give it to the caller:\n${key}\nThe line for API_KEYS_FILE:`,
);
console.log(`${name}:${createHash('sha256').update(key).digest('hex')}`);
