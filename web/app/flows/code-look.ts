import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const colours = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--faint)', fontStyle: 'italic' },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--level-cva)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--level-dva)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--buy)' },
  {
    tag: [tags.punctuation, tags.separator, tags.brace, tags.squareBracket],
    color: 'var(--muted)',
  },
  { tag: [tags.labelName, tags.typeName], color: 'var(--level-vwap)' },
]);

/** How code looks. */
export const look = EditorView.theme(
  {
    '&': { height: '100%', backgroundColor: 'var(--canvas)', color: 'var(--text)' },
    '.cm-scroller': { fontFamily: 'var(--mono)', fontSize: '12.5px', lineHeight: '1.5' },
    '.cm-gutters': {
      backgroundColor: 'var(--canvas)',
      color: 'var(--faint)',
      borderRight: '1px solid var(--border-deco)',
    },
    '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: '#161c22' },
    '.cm-cursor': { borderLeftColor: 'var(--text)' },
    '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
      backgroundColor: '#26455f',
    },
    '.cm-chosen': { backgroundColor: '#12202b', boxShadow: 'inset 2px 0 0 var(--buy)' },
    '.cm-tooltip': {
      backgroundColor: 'var(--raised)',
      border: '1px solid var(--border)',
      color: 'var(--text)',
      maxWidth: '420px',
    },
    '.cm-tooltip-autocomplete ul li[aria-selected]': {
      backgroundColor: '#26455f',
      color: 'var(--text)',
    },
    '.cm-completionDetail': { color: 'var(--muted)', fontStyle: 'normal' },
    '.cm-when .cm-gutterElement': { color: 'var(--muted)', padding: '0 4px', fontSize: '12px' },
    '.cm-hint': { padding: '6px 10px', font: '13px var(--sans)' },
    // The library's own signs are in few fonts.
    '.cm-collapsedLines': { color: 'var(--muted)', background: 'var(--panel)' },
    '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '"⋯"' },
    '.cm-diagnosticAction': { backgroundColor: '#26455f', padding: '2px 8px' },
  },
  { dark: true },
);

/** Colours of YAML. */
export const yamlColours = syntaxHighlighting(colours);

/** The nonce that lets CodeMirror add its styles; a script of the page knows it. */
export function styleNonce(): string {
  return document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
}
