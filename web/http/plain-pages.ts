/** A page without script, for the moments when the app is not there. */
function plainPage(nonce: string, title: string, head: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${head}
<title>${title} · OrderFlow</title>
<style nonce="${nonce}">
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #0A0D10; color: #E8EDF2; font: 16px/1.4 system-ui, sans-serif; }
main { width: min(360px, 90vw); }
form { display: grid; gap: 12px; }
input, button { font: inherit; padding: 8px 12px; border-radius: 4px; border: 1px solid #5F6E7E; background: #12171C; color: inherit; min-height: 44px; }
button { background: #1A2128; cursor: pointer; }
:focus-visible { outline: 2px solid #fff; outline-offset: 2px; }
p { margin: 0; }
p[role=alert] { color: #FFD23F; }
</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as the value of an attribute. */
const attribute = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? '');

/**
 * Returns the page that asks for the password.
 *
 * @param remark - What was wrong with the last try; empty before the first.
 * @param next - Where one goes then.
 */
export function loginPage(nonce: string, remark: string, next: string): string {
  return plainPage(
    nonce,
    'Log in',
    '',
    `<form method="post" action="/login">
<h1>OrderFlow</h1>
${remark === '' ? '' : `<p role="alert">${remark}</p>`}
<input type="hidden" name="next" value="${attribute(next)}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
<button type="submit">Log in</button>
</form>`,
  );
}

/** Returns the page that is shown while the app is being built; it asks again by itself. */
export function buildingPage(nonce: string): string {
  return plainPage(
    nonce,
    'Starting',
    '<meta http-equiv="refresh" content="2">',
    `<h1>OrderFlow</h1>
<p>The pages are being built, as after each change of the program. The engine runs already; this page comes back by itself.</p>`,
  );
}
