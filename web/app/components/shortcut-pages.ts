/** Pages in the order of the navigation; `key` goes there after `g`. */
export const shortcutPages = [
  { to: '/', text: 'Command', key: 'c' },
  { to: '/alerts', text: 'Alerts', key: 'a' },
  { to: '/machines', text: 'Machines', key: 'm' },
  { to: '/why', text: 'Why', key: 'w' },
  { to: '/flows', text: 'Flows', key: 'f' },
  { to: '/journal', text: 'Journal', key: 'j' },
  { to: '/reports', text: 'Reports', key: 'r' },
  { to: '/plugins', text: 'Plugins', key: 'p' },
  { to: '/topics', text: 'Topics', key: 't' },
  { to: '/health', text: 'Health', key: 'h' },
  { to: '/help', text: 'Help', key: 'l' },
] as const;
