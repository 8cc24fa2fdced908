"""Where the controls of the chat lie on a small screen, and what is wrong with that."""

from __future__ import annotations

from playwright.sync_api import Page

_FAULTS = """([smallest, mustFit]) => {
  const root = document.querySelector('clinic-assistant').shadowRoot;
  const find = (selector) => root.querySelector(selector);
  const faults = [];
  const [log, form, input] = ['.log', 'form', '#input'].map(find);
  const said = [...root.querySelectorAll('.message, .note')];
  const last = said.at(-1);
  const first = said[said.findLastIndex((e) => e.matches('.visitor')) + 1];
  const place = (e) => e.getBoundingClientRect();
  // What does not fit begins at the top, and the visitor scrolls.
  const fits = place(last).bottom - place(first).top + 24 <= log.clientHeight;
  const name = (e) => e.id || e.getAttribute('aria-label') || e.textContent;

  const wide = { page: document.documentElement, panel: find('.panel'), log };
  for (const [what, { scrollWidth, clientWidth }] of Object.entries(wide)) {
    if (scrollWidth > clientWidth) faults.push(`${what}: ${scrollWidth} in ${clientWidth}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) faults.push('the page scrolls sideways');

  const check = (control) => {
    if (!fits && last.contains(control)) control.scrollIntoView({ block: 'nearest' });
    const { left, right, top, bottom, width, height } = control.getBoundingClientRect();
    const size = `${name(control)}: ${width.toFixed(1)} x ${height.toFixed(1)}`;
    if (width < smallest - .01 || height < smallest - .01) faults.push(`small: ${size}`);
    const outside = left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
    if (outside) faults.push(`outside: ${name(control)} at ${left}, ${top} to ${right}, ${bottom}`);
    const edge = 2;
    for (const [x, y] of [[left + width / 2, top + height / 2], [left + edge, top + height / 2],
      [right - edge, top + height / 2], [left + width / 2, top + edge],
      [left + width / 2, bottom - edge]]) {
      const hit = root.elementFromPoint(x, y);
      if (!control.contains(hit)) {
        const other = hit ? hit.className || hit.localName : 'nothing';
        faults.push(`covered: ${name(control)} by ${other} at ${x}, ${y}`);
      }
    }
    const field = input.getBoundingClientRect();
    const meets = left < field.right && field.left < right && top < field.bottom
      && field.top < bottom;
    if (control !== input && meets) faults.push(`over the input: ${name(control)}`);
  };
  const all = [...find('.panel').querySelectorAll('a, button, textarea')];
  const shown = all.filter((e) => e.checkVisibility());
  const now = shown.filter((e) => last.contains(e) || !log.contains(e));
  if (mustFit && !fits) faults.push('the answer does not fit');
  if (!now.includes(input)) faults.push('there is no input');
  for (const control of now) check(control);
  return [now.map(name), faults];
}"""


_SEEN = """() => {
  const root = document.querySelector('clinic-assistant').shadowRoot;
  const place = (selector) => root.querySelector(selector).getBoundingClientRect();
  const last = [...root.querySelectorAll('.message')].at(-1).getBoundingClientRect();
  const bottom = Math.min(innerHeight, visualViewport.height);
  const top = Math.max(0, place('header').bottom);
  const end = Math.min(bottom, place('form').top);
  return {
    input: place('#input').top >= top && place('#input').bottom <= bottom,
    last: Math.min(last.bottom, end) - Math.max(last.top, top) >= Math.min(last.height, 44),
    beginning: last.top >= top - 1 && last.top <= end - 44,
  };
}"""


def faults_of_layout(page: Page, *, must_fit: bool = False) -> list[str]:
    """Returns what is wrong with the controls of the header, the form and the last message.

    Each must lie inside the window, be large enough for a finger, and be covered by nothing; an
    answer that is higher than the log may be scrolled.

    Args:
        page: A tab with the chat open, its last answer complete.
        must_fit: Whether an answer that is higher than the log is a fault.
    """
    return [str(fault) for fault in page.evaluate(_FAULTS, [44, must_fit])[1]]


def controls(page: Page) -> list[str]:
    """Returns the names of the controls that `faults_of_layout` looks at."""
    return [str(name) for name in page.evaluate(_FAULTS, [44, False])[0]]


def seen(page: Page) -> set[str]:
    """Returns what is in view: "input", a good part of the "last" message, its "beginning"."""
    return {str(what) for what, is_seen in page.evaluate(_SEEN).items() if is_seen}
