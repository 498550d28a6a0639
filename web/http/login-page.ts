/** Returns the page that asks for the password. It needs no script, so it is here and not in the app. */
export function loginPage(nonce: string, remark: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Log in · OrderFlow</title>
<style nonce="${nonce}">
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #0A0D10; color: #E8EDF2; font: 16px/1.4 system-ui, sans-serif; }
form { display: grid; gap: 12px; width: min(320px, 90vw); }
input, button { font: inherit; padding: 8px 12px; border-radius: 4px; border: 1px solid #5C6B7A; background: #12171C; color: inherit; min-height: 44px; }
button { background: #1A2128; cursor: pointer; }
:focus-visible { outline: 2px solid #fff; outline-offset: 2px; }
p { color: #FFD23F; margin: 0; }
</style>
</head>
<body>
<main>
<form method="post" action="/login">
<h1>OrderFlow</h1>
${remark === '' ? '' : `<p role="alert">${remark}</p>`}
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
<button type="submit">Log in</button>
</form>
</main>
</body>
</html>
`;
}
